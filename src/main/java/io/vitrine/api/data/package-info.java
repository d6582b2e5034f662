/**
 * Handlers of image data: uploads, downloads, stores and the cache. They move bytes only by the
 * streams of {@code io.vitrine.transfer}.
 */
@NullMarked
package io.vitrine.api.data;

import org.jspecify.annotations.NullMarked;
