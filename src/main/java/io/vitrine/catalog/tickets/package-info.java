/** Tickets: URLs that give access to the data of one image without a token. */
@NullMarked
package io.vitrine.catalog.tickets;

import org.jspecify.annotations.NullMarked;
