/** Copies of images on this machine, for images whose data lies elsewhere. */
@NullMarked
package io.vitrine.upkeep.cache;

import org.jspecify.annotations.NullMarked;
