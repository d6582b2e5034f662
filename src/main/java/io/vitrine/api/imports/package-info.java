/** Imports and tasks. */
@NullMarked
package io.vitrine.api.imports;

import org.jspecify.annotations.NullMarked;
