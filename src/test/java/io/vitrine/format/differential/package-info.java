/** Random images, read and converted by Vitrine and by qemu-img, which must agree. */
@NullMarked
package io.vitrine.format.differential;

import org.jspecify.annotations.NullMarked;
