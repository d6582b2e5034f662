/** Recognises disk image formats in one pass and refuses unsafe content. It converts nothing. */
@NullMarked
package io.vitrine.format;

import org.jspecify.annotations.NullMarked;
