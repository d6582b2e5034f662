/** Tests of tickets in the catalog. */
@NullMarked
package io.vitrine.catalog.tickets;

import org.jspecify.annotations.NullMarked;
