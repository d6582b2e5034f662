/** The engine that converts disk images with qemu-img, in a sandbox. */
@NullMarked
package io.vitrine.importer.qemu;

import org.jspecify.annotations.NullMarked;
