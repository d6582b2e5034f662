/** Ports of disk images: bytes of a file, blocks of a disk, and what may be wrong with them. */
@NullMarked
package io.vitrine.format.block;

import org.jspecify.annotations.NullMarked;
