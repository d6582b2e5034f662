/** Tests of decompression. */
@NullMarked
package io.vitrine.importer.decompress;

import org.jspecify.annotations.NullMarked;
