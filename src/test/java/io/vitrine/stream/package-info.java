/** Tests of the streams between verticles. */
@NullMarked
package io.vitrine.stream;

import org.jspecify.annotations.NullMarked;
