/** Tests of the format inspection. */
@NullMarked
package io.vitrine.inspect;

import org.jspecify.annotations.NullMarked;
