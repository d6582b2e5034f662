/** Tests of VirtualBox's disk format. */
@NullMarked
package io.vitrine.format.vdi;

import org.jspecify.annotations.NullMarked;
