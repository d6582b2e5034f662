/** Imports and other tasks, leased by workers. */
@NullMarked
package io.vitrine.catalog.tasks;

import org.jspecify.annotations.NullMarked;
