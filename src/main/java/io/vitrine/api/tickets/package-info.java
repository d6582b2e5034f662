/** Tickets: access to the data of single images by URLs that need no token. */
@NullMarked
package io.vitrine.api.tickets;

import org.jspecify.annotations.NullMarked;
