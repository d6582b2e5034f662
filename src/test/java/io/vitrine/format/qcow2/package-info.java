/** Tests of the QCOW2 format. */
@NullMarked
package io.vitrine.format.qcow2;

import org.jspecify.annotations.NullMarked;
