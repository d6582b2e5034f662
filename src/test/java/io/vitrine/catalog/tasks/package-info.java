/** Tests of this package. */
@NullMarked
package io.vitrine.catalog.tasks;

import org.jspecify.annotations.NullMarked;
