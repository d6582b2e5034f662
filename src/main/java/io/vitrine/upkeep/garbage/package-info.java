/** Removes what no image and no running transfer owns. */
@NullMarked
package io.vitrine.upkeep.garbage;

import org.jspecify.annotations.NullMarked;
