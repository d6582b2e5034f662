/** Tests of conversions. */
@NullMarked
package io.vitrine.format.conversion;

import org.jspecify.annotations.NullMarked;
