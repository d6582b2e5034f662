/** Tests of the cache, with files and a store that counts how often it is read. */
@NullMarked
package io.vitrine.upkeep.cache;

import org.jspecify.annotations.NullMarked;
