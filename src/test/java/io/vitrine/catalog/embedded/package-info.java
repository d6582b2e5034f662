/** Tests of this package. */
@NullMarked
package io.vitrine.catalog.embedded;

import org.jspecify.annotations.NullMarked;
