/** Tests of this package. */
@NullMarked
package io.vitrine.api.imports;

import org.jspecify.annotations.NullMarked;
