/** Decompresses users' data within limits on size, memory and time. */
@NullMarked
package io.vitrine.importer.decompress;

import org.jspecify.annotations.NullMarked;
