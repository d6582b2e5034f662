/** Tests of the domain. */
@NullMarked
package io.vitrine.image;

import org.jspecify.annotations.NullMarked;
