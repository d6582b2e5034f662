/** Tests of this package. */
@NullMarked
package io.vitrine.importer.transform;

import org.jspecify.annotations.NullMarked;
