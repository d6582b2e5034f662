/** Imports and other tasks. */
@NullMarked
package io.vitrine.image.task;

import org.jspecify.annotations.NullMarked;
