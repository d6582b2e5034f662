/** Tests of this package. */
@NullMarked
package io.vitrine.importer.engine;

import org.jspecify.annotations.NullMarked;
