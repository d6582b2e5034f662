/** Tests of the catalog on a real PostgreSQL. */
@NullMarked
package io.vitrine.catalog;

import org.jspecify.annotations.NullMarked;
