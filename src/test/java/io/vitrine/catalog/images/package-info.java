/** Tests of this package. */
@NullMarked
package io.vitrine.catalog.images;

import org.jspecify.annotations.NullMarked;
