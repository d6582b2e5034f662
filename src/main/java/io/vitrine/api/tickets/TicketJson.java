package io.vitrine.api.tickets;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.images.ImageJson;
import io.vitrine.catalog.tickets.Ticket;

/** Tickets as the API shows them. */
final class TicketJson {
  private TicketJson() {}

  /** The ticket; its URL is shown only to whoever makes it. */
  static JsonObject of(Ticket ticket) {
    var terms = ticket.terms();
    return new JsonObject()
        .put("id", ticket.id().toString())
        .put("image_id", ticket.image().toString())
        .put("method", terms.method().text())
        .put("state", ticket.state().text())
        .put("single_use", terms.isSingleUse())
        .put("max_size", terms.maxBytes().orElse(null))
        .put(
            "digest",
            terms
                .digest()
                .map(claim -> claim.algorithm().text() + ":" + claim.value())
                .orElse(null))
        .put("store", terms.store().orElse(null))
        .put("user_id", ticket.maker().user())
        .put("project_id", ticket.maker().project())
        .put("created_at", ImageJson.time(ticket.span().createdAt()))
        .put("expires_at", ImageJson.time(ticket.span().expiresAt()));
  }
}
