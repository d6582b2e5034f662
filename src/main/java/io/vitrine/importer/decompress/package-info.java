/** Decompresses data of users, within bounds. */
@NullMarked
package io.vitrine.importer.decompress;

import org.jspecify.annotations.NullMarked;
