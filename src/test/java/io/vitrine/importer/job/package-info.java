/** Tests of this package. */
@NullMarked
package io.vitrine.importer.job;

import org.jspecify.annotations.NullMarked;
