/** Tests of this package. */
@NullMarked
package io.vitrine.catalog.status;

import org.jspecify.annotations.NullMarked;
