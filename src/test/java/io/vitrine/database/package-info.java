/** Tests against real PostgreSQL servers. */
@NullMarked
package io.vitrine.database;

import org.jspecify.annotations.NullMarked;
