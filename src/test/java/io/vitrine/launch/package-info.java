/** Tests of the launcher. */
@NullMarked
package io.vitrine.launch;

import org.jspecify.annotations.NullMarked;
