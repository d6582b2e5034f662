/** Tests of VHDX, whose images are made by hand but for those of qemu-img. */
@NullMarked
package io.vitrine.format.vhdx;

import org.jspecify.annotations.NullMarked;
