/** Tests of this package. */
@NullMarked
package io.vitrine.catalog.metadefs;

import org.jspecify.annotations.NullMarked;
