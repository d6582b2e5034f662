/** Tests of streams with back pressure. */
@NullMarked
package io.vitrine.net.stream;

import org.jspecify.annotations.NullMarked;
