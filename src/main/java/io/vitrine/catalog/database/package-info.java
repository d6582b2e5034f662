/** The database: where it is, how it is reached and trusted, and its schema. */
@NullMarked
package io.vitrine.catalog.database;

import org.jspecify.annotations.NullMarked;
