/**
 * The cache of image data on a node: its files, eviction and filling. {@code io.vitrine.api.data}
 * serves from it.
 */
@NullMarked
package io.vitrine.upkeep.cache;

import org.jspecify.annotations.NullMarked;
