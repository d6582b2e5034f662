/** Imports and other tasks, as values. The queue is in the catalog, the work in the importer. */
@NullMarked
package io.vitrine.image.task;

import org.jspecify.annotations.NullMarked;
