/** Raw disks: files that are the disk itself, byte for byte. */
@NullMarked
package io.vitrine.format.raw;

import org.jspecify.annotations.NullMarked;
