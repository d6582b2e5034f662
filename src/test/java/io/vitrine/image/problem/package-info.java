/** Tests of this package. */
@NullMarked
package io.vitrine.image.problem;

import org.jspecify.annotations.NullMarked;
