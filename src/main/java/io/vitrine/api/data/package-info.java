/** The data of images: uploads, downloads, stores and the cache. */
@NullMarked
package io.vitrine.api.data;

import org.jspecify.annotations.NullMarked;
