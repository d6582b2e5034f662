/** Tests of this package. */
@NullMarked
package io.vitrine.api.filter;

import org.jspecify.annotations.NullMarked;
