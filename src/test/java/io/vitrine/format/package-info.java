/** Tests of the format inspection. */
@NullMarked
package io.vitrine.format;

import org.jspecify.annotations.NullMarked;
