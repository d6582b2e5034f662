/** VMware's sparse disk formats. */
@NullMarked
package io.vitrine.format.vmdk;

import org.jspecify.annotations.NullMarked;
