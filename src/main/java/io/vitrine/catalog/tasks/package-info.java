/**
 * The queue of imports and other tasks, and what workers record of them. The work itself is in
 * {@code io.vitrine.importer}.
 */
@NullMarked
package io.vitrine.catalog.tasks;

import org.jspecify.annotations.NullMarked;
