/** Handlers of imports and tasks. They only queue work; {@code io.vitrine.importer} does it. */
@NullMarked
package io.vitrine.api.imports;

import org.jspecify.annotations.NullMarked;
