/** Recognises disk image formats in one pass over the bytes and refuses those that are unsafe. */
@NullMarked
package io.vitrine.format;

import org.jspecify.annotations.NullMarked;
