/** Microsoft's virtual hard disk, second version. */
@NullMarked
package io.vitrine.format.vhdx;

import org.jspecify.annotations.NullMarked;
