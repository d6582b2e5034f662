/** Tests of this package. */
@NullMarked
package io.vitrine.catalog.events;

import org.jspecify.annotations.NullMarked;
