/**
 * Converts disk images, in this process or with qemu-img in a sandbox. Which images are converted
 * is decided in transform.
 */
@NullMarked
package io.vitrine.importer.convert;

import org.jspecify.annotations.NullMarked;
