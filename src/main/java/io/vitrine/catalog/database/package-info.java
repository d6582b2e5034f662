/**
 * Connections to PostgreSQL: addresses, failover and migrations. Queries are in the packages beside
 * it.
 */
@NullMarked
package io.vitrine.catalog.database;

import org.jspecify.annotations.NullMarked;
