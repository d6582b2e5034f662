/** Tests of the listener, without the API behind it. */
@NullMarked
package io.vitrine.listen;

import org.jspecify.annotations.NullMarked;
