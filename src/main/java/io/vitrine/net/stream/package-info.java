/** Streams of bytes with back pressure: what readers and writers have in common. */
@NullMarked
package io.vitrine.net.stream;

import org.jspecify.annotations.NullMarked;
