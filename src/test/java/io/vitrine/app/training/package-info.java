/** Tests of this package. */
@NullMarked
package io.vitrine.app.training;

import org.jspecify.annotations.NullMarked;
