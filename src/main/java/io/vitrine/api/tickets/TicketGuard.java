package io.vitrine.api.tickets;

import static io.vitrine.image.problem.ProblemException.forbidden;
import static io.vitrine.image.problem.ProblemException.notFound;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Policy;
import io.vitrine.api.filter.AuditLog;
import io.vitrine.api.filter.PolicyIdentity;
import io.vitrine.api.request.Requests;
import io.vitrine.catalog.sql.Requester;
import io.vitrine.catalog.tickets.Ticket;
import io.vitrine.catalog.tickets.TicketJournal;
import io.vitrine.catalog.tickets.TicketMethod;
import io.vitrine.catalog.tickets.TicketSecret;
import io.vitrine.image.Caller;
import java.util.Objects;
import java.util.Optional;

/**
 * Knows callers by the ticket in the path: who uses it has the rights of who made it, as far as the
 * ticket goes. Whatever is wrong with a secret, the answer is the same, so guessing reveals
 * nothing.
 */
public final class TicketGuard {
  private static final String TICKET = TicketGuard.class.getName();

  private final TicketJournal tickets;
  private final Policy policy;

  /** Creates the guard; the policy says whose tickets are those of administrators. */
  public TicketGuard(TicketJournal tickets, Policy policy) {
    this.tickets = tickets;
    this.policy = policy;
  }

  /** The ticket of a request that has passed the guard. */
  static Ticket ticket(RoutingContext context) {
    return Objects.requireNonNull(context.<Ticket>get(TICKET));
  }

  /** The maker of the ticket, if the ticket permits the method of the request. */
  Future<Caller> identify(RoutingContext context) {
    AuditLog.noteUse(context);
    // Until the ticket is known, the search for it is the address's share of the database.
    Requester.mark(Requests.share(context, Caller.anonymous()));
    context
        .response()
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("Referrer-Policy", "no-referrer");
    return find(context)
        .map(found -> found.orElseThrow(() -> notFound("There is no such ticket.")))
        .map(ticket -> admit(context, ticket));
  }

  private Future<Optional<Ticket>> find(RoutingContext context) {
    var secret = new TicketSecret(Objects.requireNonNullElse(context.pathParam("secret"), ""));
    return tickets.config().enabled()
        ? tickets.find(secret)
        : Future.succeededFuture(Optional.empty());
  }

  private Caller admit(RoutingContext context, Ticket ticket) {
    AuditLog.name(context, ticket.id());
    // As if the path named the image.
    context.pathParams().put("image", ticket.image().toString());
    context.put(TICKET, ticket.requireActive());
    requireMethod(context.request().method(), ticket.terms().method());
    return PolicyIdentity.judged(policy, ticket.maker());
  }

  private static void requireMethod(HttpMethod asked, TicketMethod permitted) {
    boolean isPermitted =
        switch (permitted) {
          case DOWNLOAD -> asked.equals(HttpMethod.GET) || asked.equals(HttpMethod.HEAD);
          case HEAD -> asked.equals(HttpMethod.HEAD);
          case UPLOAD -> asked.equals(HttpMethod.PUT);
        };
    if (!isPermitted) {
      throw forbidden("The ticket does not permit %s.".formatted(asked));
    }
  }
}
