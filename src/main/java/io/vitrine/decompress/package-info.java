/** Decompresses data of users, within bounds. */
@NullMarked
package io.vitrine.decompress;

import org.jspecify.annotations.NullMarked;
