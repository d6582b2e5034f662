/**
 * Where image data is kept, and what is known of it there: locations, blobs, digests. The stores
 * themselves are elsewhere.
 */
@NullMarked
package io.vitrine.image.location;

import org.jspecify.annotations.NullMarked;
