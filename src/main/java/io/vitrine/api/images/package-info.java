/**
 * Handlers of images, members, tags and locations; image data is in {@code io.vitrine.api.data}.
 */
@NullMarked
package io.vitrine.api.images;

import org.jspecify.annotations.NullMarked;
