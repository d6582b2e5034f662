/** Expected failures, by their meaning to the user. Their mapping to HTTP is in the API. */
@NullMarked
package io.vitrine.image.problem;

import org.jspecify.annotations.NullMarked;
