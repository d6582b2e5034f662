/** Tests of this package. */
@NullMarked
package io.vitrine.api.status;

import org.jspecify.annotations.NullMarked;
