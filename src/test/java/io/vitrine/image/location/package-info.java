/** Tests of this package. */
@NullMarked
package io.vitrine.image.location;

import org.jspecify.annotations.NullMarked;
