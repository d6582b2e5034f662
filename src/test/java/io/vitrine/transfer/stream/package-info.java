/** Tests of the streams between verticles. */
@NullMarked
package io.vitrine.transfer.stream;

import org.jspecify.annotations.NullMarked;
