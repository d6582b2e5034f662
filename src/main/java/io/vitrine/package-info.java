/** The program: {@link io.vitrine.Main} starts it, everything else lives in the rooms below. */
@NullMarked
package io.vitrine;

import org.jspecify.annotations.NullMarked;
