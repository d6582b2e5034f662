package io.vitrine.api.tickets;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.HEAD;
import static io.vertx.core.http.HttpMethod.OPTIONS;
import static io.vertx.core.http.HttpMethod.POST;

import io.vitrine.api.filter.Endpoints;
import io.vitrine.api.filter.RouteGroup;

/** The routes that make, list and end tickets, and those that use them. */
public record TicketRoutes(TicketsHandler tickets, TicketGuard guard, TicketUseHandler uses)
    implements RouteGroup {
  /** The path of a ticket's URL, without its secret. */
  static final String USE = "/tickets/";

  private static final String TICKETS = "/images/:image/tickets";
  private static final String TICKET = TICKETS + "/:ticket";
  private static final String SECRET = USE + ":secret";

  @Override
  public void addTo(Endpoints endpoints) {
    endpoints.write(POST, TICKETS, tickets::create);
    endpoints.read(TICKETS, tickets::list);
    endpoints.read(TICKET, tickets::show);
    endpoints.bare(DELETE, TICKET, tickets::revoke);
    endpoints.open(OPTIONS, SECRET, TicketUseHandler::options);
    var byTicket = endpoints.knowing(guard::identify);
    byTicket.bare(GET, SECRET, uses::download);
    byTicket.bare(HEAD, SECRET, uses::download);
    byTicket.data(SECRET, uses::upload);
  }
}
