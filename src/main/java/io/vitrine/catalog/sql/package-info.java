/** Transactions, connections and their failures, and rows, as all of the catalog uses them. */
@NullMarked
package io.vitrine.catalog.sql;

import org.jspecify.annotations.NullMarked;
