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
    var sent =
        isUse(context, ticket)
            ? once(context, ticket, permit)
            : downloads.send(context, permit, Future::succeededFuture);
    sent.onFailure(context::fail);
  }

  /** Whether the request uses a ticket for a single use up; looking before a download does not. */
  private static boolean isUse(RoutingContext context, Ticket ticket) {
    boolean isLook =
        ticket.terms().method() == TicketMethod.DOWNLOAD
            && context.request().method().equals(HttpMethod.HEAD);
    return ticket.terms().isSingleUse() && !isLook;
  }

  /** Uses the ticket up just before data is sent; gives it back if none could be. */
  private Future<Void> once(RoutingContext context, Ticket ticket, Permit permit) {
    var claim = new SingleUse(tickets, ticket);
    return downloads
        .send(context, permit, claim::begin)
        .recover(
            failure ->
                (context.response().headWritten()
                        ? Future.<Void>succeededFuture()
                        : claim.release())
                    .transform(released -> Future.failedFuture(failure)));
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
