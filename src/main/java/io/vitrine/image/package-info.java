/** The domain: images, what may happen to them, and what can go wrong. Plain Java. */
@NullMarked
package io.vitrine.image;

import org.jspecify.annotations.NullMarked;
