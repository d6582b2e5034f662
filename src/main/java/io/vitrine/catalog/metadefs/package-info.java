/** Metadata definitions. */
@NullMarked
package io.vitrine.catalog.metadefs;

import org.jspecify.annotations.NullMarked;
