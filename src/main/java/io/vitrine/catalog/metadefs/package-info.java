/** Metadata definitions in the database and in files. */
@NullMarked
package io.vitrine.catalog.metadefs;

import org.jspecify.annotations.NullMarked;
