/** Scrubbing: finds missing, damaged and orphaned data in the stores, and repairs it on request. */
@NullMarked
package io.vitrine.upkeep.scrub;

import org.jspecify.annotations.NullMarked;
