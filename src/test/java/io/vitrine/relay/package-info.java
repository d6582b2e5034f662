/** Tests of what is sent. */
@NullMarked
package io.vitrine.relay;

import org.jspecify.annotations.NullMarked;
