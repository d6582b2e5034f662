/**
 * Signatures of image data: what an image declares, whose certificate it names, whether it holds.
 */
@NullMarked
package io.vitrine.access.signature;

import org.jspecify.annotations.NullMarked;
