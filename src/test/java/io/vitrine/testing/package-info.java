/** Tests of this package. */
@NullMarked
package io.vitrine.testing;

import org.jspecify.annotations.NullMarked;
