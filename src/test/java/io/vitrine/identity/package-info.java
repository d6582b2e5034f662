/** Tests of who is calling. */
@NullMarked
package io.vitrine.identity;

import org.jspecify.annotations.NullMarked;
