/** Tests against real PostgreSQL servers. */
@NullMarked
package io.vitrine.catalog.database;

import org.jspecify.annotations.NullMarked;
