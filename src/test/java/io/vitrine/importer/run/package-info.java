/** Tests of this package. */
@NullMarked
package io.vitrine.importer.run;

import org.jspecify.annotations.NullMarked;
