/** Tests of raw disks. */
@NullMarked
package io.vitrine.format.raw;

import org.jspecify.annotations.NullMarked;
