/** Tests of this package. */
@NullMarked
package io.vitrine.api.data;

import org.jspecify.annotations.NullMarked;
