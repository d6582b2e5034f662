/** Tests of this package. */
@NullMarked
package io.vitrine.catalog.blobs;

import org.jspecify.annotations.NullMarked;
