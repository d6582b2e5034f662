/** Tests of this package. */
@NullMarked
package io.vitrine.api.images;

import org.jspecify.annotations.NullMarked;
