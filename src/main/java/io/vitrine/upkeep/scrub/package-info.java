/** Looks over what lies in stores: finds what is missing, damaged, or nobody's. */
@NullMarked
package io.vitrine.upkeep.scrub;

import org.jspecify.annotations.NullMarked;
