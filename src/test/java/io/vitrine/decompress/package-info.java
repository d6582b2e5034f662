/** Tests of decompression. */
@NullMarked
package io.vitrine.decompress;

import org.jspecify.annotations.NullMarked;
