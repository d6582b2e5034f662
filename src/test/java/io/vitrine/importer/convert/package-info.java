/** Tests of this package. */
@NullMarked
package io.vitrine.importer.convert;

import org.jspecify.annotations.NullMarked;
