/** Tests of this package. */
@NullMarked
package io.vitrine.api.schema;

import org.jspecify.annotations.NullMarked;
