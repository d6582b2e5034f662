/** Who is calling. */
@NullMarked
package io.vitrine.access.identity;

import org.jspecify.annotations.NullMarked;
