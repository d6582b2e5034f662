package io.vitrine.api.tickets;

import io.vertx.core.Future;
import io.vitrine.catalog.tickets.Ticket;
import io.vitrine.catalog.tickets.TicketJournal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The only use of a ticket, by one request. Belongs to the context of the request. */
final class SingleUse {
  private final TicketJournal tickets;
  private final Ticket ticket;
  private @Nullable Future<UUID> claim;

  SingleUse(TicketJournal tickets, Ticket ticket) {
    this.tickets = tickets;
    this.ticket = ticket;
  }

  /** Uses the ticket up; fails as gone if another request was first. May be repeated. */
  Future<Void> begin() {
    if (claim == null) {
      claim = tickets.claim(ticket);
    }
    return claim.mapEmpty();
  }

  /** Gives the ticket back if this request has it. */
  Future<Void> release() {
    return claim == null
        ? Future.succeededFuture()
        : claim.compose(mine -> tickets.release(ticket, mine));
  }
}
