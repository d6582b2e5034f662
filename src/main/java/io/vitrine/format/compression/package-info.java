/** Compression of one unit of a disk after the other, as the formats that have it share it. */
@NullMarked
package io.vitrine.format.compression;

import org.jspecify.annotations.NullMarked;
