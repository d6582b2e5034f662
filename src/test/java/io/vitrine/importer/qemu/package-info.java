/** Tests of this package. */
@NullMarked
package io.vitrine.importer.qemu;

import org.jspecify.annotations.NullMarked;
