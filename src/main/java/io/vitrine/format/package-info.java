/** Recognises disk formats in one pass, refuses unsafe content, and opens and creates images. */
@NullMarked
package io.vitrine.format;

import org.jspecify.annotations.NullMarked;
