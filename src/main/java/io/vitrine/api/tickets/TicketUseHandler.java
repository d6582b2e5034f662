package io.vitrine.api.tickets;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.data.DownloadHandler;
import io.vitrine.api.data.TicketUploadHandler;
import io.vitrine.api.request.Access;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.catalog.tickets.Ticket;
import io.vitrine.catalog.tickets.TicketJournal;
import io.vitrine.catalog.tickets.TicketMethod;
import io.vitrine.image.Permit;
import java.util.UUID;

/** Serves and takes image data by tickets, which {@link TicketGuard} has admitted. */
public final class TicketUseHandler {
  private final TicketJournal tickets;
  private final Access access;
  private final DownloadHandler downloads;
  private final TicketUploadHandler uploads;

  /** Creates the handler. */
  public TicketUseHandler(
      TicketJournal tickets,
      Access access,
      DownloadHandler downloads,
      TicketUploadHandler uploads) {
    this.tickets = tickets;
    this.access = access;
    this.downloads = downloads;
    this.uploads = uploads;
  }

  /** {@code OPTIONS} of any ticket's URL, known or not. */
  static void options(RoutingContext context) {
    context.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD, OPTIONS, PUT");
    Responses.empty(context, 204);
  }

  /** {@code GET} and {@code HEAD /vitrine/v1/tickets/{secret}}. */
  public void download(RoutingContext context) {
    var ticket = TicketGuard.ticket(context);
    var permit = permit(context, Rule.DOWNLOAD_IMAGE);
    var sent = isUse(context, ticket) ? once(context, ticket, permit) : send(context, permit);
    sent.onFailure(context::fail);
  }

  private Future<Void> send(RoutingContext context, Permit permit) {
    return downloads.send(context, permit);
  }

  /** Whether the request uses a ticket for a single use up; looking before a download does not. */
  private static boolean isUse(RoutingContext context, Ticket ticket) {
    boolean isLook =
        ticket.terms().method() == TicketMethod.DOWNLOAD
            && context.request().method().equals(HttpMethod.HEAD);
    return ticket.terms().isSingleUse() && !isLook;
  }

  private Future<Void> once(RoutingContext context, Ticket ticket, Permit permit) {
    return tickets
        .claim(ticket)
        .compose(
            claim ->
                send(context, permit)
                    .transform(
                        sent ->
                            settle(context, ticket, claim)
                                .transform(
                                    settled ->
                                        sent.succeeded()
                                            ? Future.succeededFuture()
                                            : Future.failedFuture(sent.cause()))));
  }

  /** Gives the ticket back unless an answer with data, or what describes it, has begun. */
  private Future<Void> settle(RoutingContext context, Ticket ticket, UUID claim) {
    var response = context.response();
    boolean isUsed =
        response.headWritten()
            && response.getStatusCode() / 100 == 2
            && response.getStatusCode() != 204;
    return isUsed ? Future.succeededFuture() : tickets.release(ticket, claim);
  }

  /** {@code PUT /vitrine/v1/tickets/{secret}}. */
  public void upload(RoutingContext context) {
    uploads.upload(context, TicketGuard.ticket(context), permit(context, Rule.UPLOAD_IMAGE));
  }

  /** What the maker of a ticket still needs when it is used. */
  private Permit permit(RoutingContext context, Rule rule) {
    var maker = Requests.caller(context);
    return image ->
        access
            .permit(maker, rule)
            .require(access.permit(maker, Rule.MANAGE_IMAGE_TICKETS).require(image));
  }
}
