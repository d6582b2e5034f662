/** Events of images, to clients that wait for them. */
@NullMarked
package io.vitrine.api.events;

import org.jspecify.annotations.NullMarked;
