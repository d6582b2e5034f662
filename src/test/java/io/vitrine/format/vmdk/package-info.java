/** Tests of VMDK. */
@NullMarked
package io.vitrine.format.vmdk;

import org.jspecify.annotations.NullMarked;
