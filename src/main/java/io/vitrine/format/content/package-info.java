/**
 * Content that is read as it is: optical discs, partitioned and encrypted disks; and formats that
 * are only refused.
 */
@NullMarked
package io.vitrine.format.content;

import org.jspecify.annotations.NullMarked;
