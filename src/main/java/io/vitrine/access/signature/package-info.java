/**
 * Signatures of image data, the certificates of their signers, and the keys of encrypted images.
 * Data is hashed elsewhere.
 */
@NullMarked
package io.vitrine.access.signature;

import org.jspecify.annotations.NullMarked;
