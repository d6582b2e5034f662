package io.vitrine.api.data;

import static io.vitrine.image.problem.ProblemException.tooLarge;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.filter.Endpoints;
import io.vitrine.api.request.ExpectedDigests;
import io.vitrine.api.request.RequestBody;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.catalog.blobs.BlobJournal;
import io.vitrine.catalog.blobs.BlobPlan;
import io.vitrine.catalog.blobs.TicketUploads;
import io.vitrine.catalog.blobs.UploadEndings;
import io.vitrine.catalog.tickets.Ticket;
import io.vitrine.catalog.tickets.TicketTerms;
import io.vitrine.image.Permit;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.stream.StoreClient;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Optional;

/** Receives image data by tickets. Any type of body is taken, as browsers and curl choose one. */
public final class TicketUploadHandler {
  private final BlobJournal journal;
  private final ApiCapabilities capabilities;
  private final DeclaredContent contents;
  private final Reception reception;

  /** Creates the handler. */
  public TicketUploadHandler(
      BlobJournal journal,
      ApiCapabilities capabilities,
      DeclaredContent contents,
      Reception reception) {
    this.journal = journal;
    this.capabilities = capabilities;
    this.contents = contents;
    this.reception = reception;
  }

  /** Receives the data of the ticket's image if the ticket's maker is permitted. */
  public void upload(RoutingContext context, Ticket ticket, Permit permit) {
    Future.succeededFuture()
        .map(ready -> incoming(context, ticket.terms()))
        .compose(incoming -> receive(context, incoming, ticket, permit))
        .onSuccess(done -> Responses.empty(context, 204))
        .onFailure(context::fail);
  }

  private Reception.Incoming incoming(RoutingContext context, TicketTerms terms) {
    UploadHeaders.requireWhole(context);
    var size = UploadHeaders.size(context);
    var digests = new ArrayList<>(ExpectedDigests.ofBody(context));
    terms.digest().ifPresent(digests::add);
    requireSize(size, terms.maxBytes());
    long most = Math.min(capabilities.sizeCapBytes(), terms.maxBytes().orElse(Long.MAX_VALUE));
    var body = Objects.requireNonNull(context.<RequestBody>get(Endpoints.BODY));
    return new Reception.Incoming(body, new StoreClient.Expected(size, digests), most);
  }

  private static void requireSize(Optional<Long> size, Optional<Long> most) {
    if (size.isPresent() && most.isPresent() && size.get() > most.get()) {
      throw tooLarge(
          "The data has %d bytes, but the ticket permits %d.".formatted(size.get(), most.get()));
    }
  }

  private Future<Void> receive(
      RoutingContext context, Reception.Incoming incoming, Ticket ticket, Permit permit) {
    var store = ticket.terms().store().orElse(capabilities.defaultStore());
    var plan =
        BlobPlan.image(
            capabilities.requireWritable(store), reception.node(), incoming.declared().bytes());
    return journal
        .beginUpload(ticket.image(), Requests.caller(context), permit, plan)
        .compose(
            begun ->
                reception.receive(
                    incoming,
                    begun,
                    contents.of(begun.image(), Requests.token(context)).map(Optional::of),
                    (started, written) -> commit(ticket, started, written)));
  }

  private Future<Void> commit(Ticket ticket, BlobJournal.Begun begun, Message.Written written) {
    var complete =
        new UploadEndings.Complete(
            written.sizeBytes(), written.digests(), written.virtualSizeBytes());
    return new TicketUploads(journal).commit(ticket.id(), begun, complete);
  }
}
