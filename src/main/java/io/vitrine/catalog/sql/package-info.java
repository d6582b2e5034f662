/**
 * What all of the catalog shares: transactions, fair use of connections, failures, rows and
 * conditions.
 */
@NullMarked
package io.vitrine.catalog.sql;

import org.jspecify.annotations.NullMarked;
