/** What can go wrong, as the user is told. */
@NullMarked
package io.vitrine.image.problem;

import org.jspecify.annotations.NullMarked;
