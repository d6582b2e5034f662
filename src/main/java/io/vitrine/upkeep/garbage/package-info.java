/**
 * Garbage collection of blobs: deletes from the stores what {@code io.vitrine.catalog.blobs} lists
 * as unwanted.
 */
@NullMarked
package io.vitrine.upkeep.garbage;

import org.jspecify.annotations.NullMarked;
