/** Tests of this package. */
@NullMarked
package io.vitrine.app;

import org.jspecify.annotations.NullMarked;
