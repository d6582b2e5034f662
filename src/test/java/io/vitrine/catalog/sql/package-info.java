/** Tests of this package. */
@NullMarked
package io.vitrine.catalog.sql;

import org.jspecify.annotations.NullMarked;
