/** Tests of this package. */
@NullMarked
package io.vitrine.app.lifecycle;

import org.jspecify.annotations.NullMarked;
