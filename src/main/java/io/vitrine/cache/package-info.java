/** Copies of images on this machine, for images whose data lies elsewhere. */
@NullMarked
package io.vitrine.cache;

import org.jspecify.annotations.NullMarked;
