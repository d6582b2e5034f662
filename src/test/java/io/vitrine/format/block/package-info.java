/** Disks, targets and files in memory for tests, and tests of the ports. */
@NullMarked
package io.vitrine.format.block;

import org.jspecify.annotations.NullMarked;
