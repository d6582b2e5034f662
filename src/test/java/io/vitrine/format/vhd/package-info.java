/** Tests of Microsoft's virtual hard disk. */
@NullMarked
package io.vitrine.format.vhd;

import org.jspecify.annotations.NullMarked;
