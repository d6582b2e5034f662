package io.vitrine.api.tickets;

import static io.vitrine.image.problem.ProblemException.notFound;
import static io.vitrine.image.problem.ProblemException.notOffered;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.filter.AuditLog;
import io.vitrine.api.request.Access;
import io.vitrine.api.request.ApiTerms;
import io.vitrine.api.request.Links;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.catalog.images.ImageCatalog;
import io.vitrine.catalog.tickets.TicketJournal;
import io.vitrine.catalog.tickets.TicketMethod;
import io.vitrine.catalog.tickets.TicketSecret;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Permit;
import io.vitrine.image.problem.ProblemException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Makes, lists and ends the tickets of images. */
public final class TicketsHandler {
  private static final String BASE = "/vitrine/v1";

  private final ImageCatalog catalog;
  private final TicketJournal tickets;
  private final Access access;
  private final ApiCapabilities capabilities;

  /** Creates the handler. */
  public TicketsHandler(ImageCatalog catalog, TicketJournal tickets, ApiTerms terms) {
    this.catalog = catalog;
    this.tickets = tickets;
    this.access = terms.access();
    this.capabilities = terms.capabilities();
  }

  /** {@code POST /vitrine/v1/images/{id}/tickets}. */
  public void create(RoutingContext context) {
    if (!tickets.config().enabled()) {
      throw notOffered("This service makes no tickets (tickets.enabled).");
    }
    var image = Requests.imageId(context);
    var caller = Requests.caller(context);
    var form = TicketForm.of(Requests.object(context), tickets.config(), capabilities);
    var secret = TicketSecret.random();
    tickets
        .create(
            image,
            caller,
            permit(caller, form.terms().method()),
            new TicketJournal.NewTicket(form.terms(), form.lifetime(), secret))
        .onSuccess(
            ticket -> {
              AuditLog.name(context, ticket.id());
              var own = "%s/images/%s/tickets/%s".formatted(BASE, image, ticket.id());
              context
                  .response()
                  .putHeader(HttpHeaders.LOCATION, Links.absolute(context, own))
                  .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
              var url = Links.absolute(context, BASE + TicketRoutes.USE + secret.text());
              Responses.json(context, 201, TicketJson.of(ticket).put("url", url));
            })
        .onFailure(context::fail);
  }

  /** Whoever makes a ticket needs the right to do what it permits. */
  private Permit permit(Caller caller, TicketMethod method) {
    return image -> {
      access.permit(caller, Rule.MANAGE_IMAGE_TICKETS).require(image);
      return switch (method) {
        case DOWNLOAD, HEAD -> access.permit(caller, Rule.DOWNLOAD_IMAGE).require(image);
        case UPLOAD -> requireAwaiting(access.permit(caller, Rule.UPLOAD_IMAGE).require(image));
      };
    };
  }

  /** An image that has data, or gets it now, cannot take that of a ticket. */
  private static Image requireAwaiting(Image image) {
    if (!image.status().canBecome(ImageStatus.SAVING)) {
      throw new ProblemException(image.cannotBecome(ImageStatus.SAVING));
    }
    return image;
  }

  /** {@code GET /vitrine/v1/images/{id}/tickets}. */
  public void list(RoutingContext context) {
    scope(context)
        .compose(tickets::list)
        .onSuccess(
            found -> {
              var listed = new JsonArray(found.stream().map(TicketJson::of).toList());
              Responses.json(context, 200, new JsonObject().put("tickets", listed));
            })
        .onFailure(context::fail);
  }

  /** {@code GET /vitrine/v1/images/{id}/tickets/{ticket}}. */
  public void show(RoutingContext context) {
    var id = id(context);
    scope(context)
        .compose(scope -> tickets.get(scope, id))
        .onSuccess(ticket -> Responses.json(context, 200, TicketJson.of(ticket)))
        .onFailure(context::fail);
  }

  /** {@code DELETE /vitrine/v1/images/{id}/tickets/{ticket}}. */
  public void revoke(RoutingContext context) {
    var id = id(context);
    AuditLog.name(context, id);
    scope(context)
        .compose(scope -> tickets.revoke(scope, id))
        .onSuccess(ended -> Responses.empty(context, 204))
        .onFailure(context::fail);
  }

  /** The tickets that the caller may see: as owner or administrator all, else those it made. */
  private Future<TicketJournal.Scope> scope(RoutingContext context) {
    var caller = Requests.caller(context);
    return catalog
        .get(Requests.imageId(context), caller)
        .map(access.permit(caller, Rule.MANAGE_IMAGE_TICKETS)::require)
        .map(
            image ->
                new TicketJournal.Scope(
                    image.id(),
                    caller.isAdmin() || caller.owns(image)
                        ? Optional.empty()
                        : Optional.of(Objects.requireNonNullElse(caller.project(), ""))));
  }

  private static UUID id(RoutingContext context) {
    var text = Objects.requireNonNullElse(context.pathParam("ticket"), "");
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException malformed) {
      throw notFound("There is no such ticket.");
    }
  }
}
