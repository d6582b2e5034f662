/** Tests of this package. */
@NullMarked
package io.vitrine.api.request;

import org.jspecify.annotations.NullMarked;
