package io.vitrine.api.data;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.filter.Endpoints;
import io.vitrine.api.request.Access;
import io.vitrine.api.request.ApiTerms;
import io.vitrine.api.request.ExpectedDigests;
import io.vitrine.api.request.RequestBody;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.catalog.blobs.BlobJournal;
import io.vitrine.catalog.blobs.BlobPlan;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.stream.StoreClient;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** Receives image data, as uploads or for a later import. */
public final class UploadHandler implements DataReceiver {
  private final BlobJournal journal;
  private final Access access;
  private final ApiCapabilities capabilities;
  private final DeclaredContent contents;
  private final Reception reception;

  /** Creates the handler. */
  public UploadHandler(
      BlobJournal journal, ApiTerms terms, DeclaredContent contents, Reception reception) {
    this.journal = journal;
    this.access = terms.access();
    this.capabilities = terms.capabilities();
    this.contents = contents;
    this.reception = reception;
  }

  @Override
  public void upload(RoutingContext context) {
    receive(
        context,
        size ->
            journal.beginUpload(
                Requests.imageId(context),
                Requests.caller(context),
                access.permit(Requests.caller(context), Rule.UPLOAD_IMAGE),
                BlobPlan.image(store(context), reception.node(), size)),
        begun -> contents.of(begun.image(), Requests.token(context)).map(Optional::of),
        (begun, written) ->
            journal.commitUpload(
                begun,
                written.sizeBytes(),
                written.digests().orElseThrow(),
                written.virtualSizeBytes()));
  }

  @Override
  public void stage(RoutingContext context) {
    receive(
        context,
        size ->
            journal.beginStaging(
                Requests.imageId(context),
                Requests.caller(context),
                access.permit(Requests.caller(context), Rule.MODIFY_IMAGE),
                BlobPlan.staging(reception.node(), size)),
        begun -> Future.succeededFuture(Optional.empty()),
        (begun, written) -> journal.commitStaging(begun, written.sizeBytes(), written.digests()));
  }

  private void receive(
      RoutingContext context,
      Begin begin,
      Function<BlobJournal.Begun, Future<Optional<Message.Content>>> content,
      Reception.Commit commit) {
    var body = Objects.requireNonNull(context.<RequestBody>get(Endpoints.BODY));
    Future.succeededFuture()
        .map(ready -> new Reception.Incoming(body, declared(context), capabilities.sizeCapBytes()))
        .compose(
            incoming ->
                begin
                    .run(incoming.declared().bytes())
                    .compose(
                        begun -> reception.receive(incoming, begun, content.apply(begun), commit)))
        .onSuccess(done -> Responses.empty(context, 204))
        .onFailure(context::fail);
  }

  private static StoreClient.Expected declared(RoutingContext context) {
    UploadHeaders.requireWhole(context);
    UploadHeaders.requireOctets(context);
    return new StoreClient.Expected(UploadHeaders.size(context), ExpectedDigests.ofBody(context));
  }

  private String store(RoutingContext context) {
    var asked = Requests.header(context, "X-Image-Meta-Store").orElse(capabilities.defaultStore());
    return capabilities.requireWritable(asked);
  }

  private interface Begin {
    Future<BlobJournal.Begun> run(Optional<Long> size);
  }
}
