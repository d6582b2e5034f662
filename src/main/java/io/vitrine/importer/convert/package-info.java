/** Disk images written in another format by qemu-img, in a sandbox. */
@NullMarked
package io.vitrine.importer.convert;

import org.jspecify.annotations.NullMarked;
