/** Tests of what is sent. */
@NullMarked
package io.vitrine.upkeep.relay;

import org.jspecify.annotations.NullMarked;
