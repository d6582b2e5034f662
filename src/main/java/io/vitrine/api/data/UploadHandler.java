package io.vitrine.api.data;

import static io.vitrine.image.problem.ProblemException.gone;
import static io.vitrine.image.problem.ProblemException.invalid;
import static io.vitrine.image.problem.ProblemException.unsupportedContent;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.access.signature.EncryptionKeys;
import io.vitrine.access.signature.Signatures;
import io.vitrine.api.filter.Endpoints;
import io.vitrine.api.request.Access;
import io.vitrine.api.request.ExpectedDigests;
import io.vitrine.api.request.RequestBody;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.catalog.blobs.BlobJournal;
import io.vitrine.catalog.blobs.BlobPlan;
import io.vitrine.observe.metrics.TransferMeters;
import io.vitrine.transfer.bus.Addresses;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.stream.BlobSink;
import io.vitrine.transfer.stream.StoreClient;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** Receives image data, as uploads or for a later import. */
public final class UploadHandler {
  private final BlobJournal journal;
  private final Access access;
  private final StoreClient stores;
  private final Signatures signatures;
  private final EncryptionKeys keys;
  private final ApiCapabilities capabilities;
  private final String node;
  private final TransferMeters meters;
  private final EventBus bus;

  /** Creates the handler; {@code node} is the node whose stores receive the data. */
  public UploadHandler(
      BlobJournal journal,
      Access access,
      StoreClient stores,
      Signatures signatures,
      EncryptionKeys keys,
      ApiCapabilities capabilities,
      String node,
      TransferMeters meters,
      EventBus bus) {
    this.journal = journal;
    this.access = access;
    this.stores = stores;
    this.signatures = signatures;
    this.keys = keys;
    this.capabilities = capabilities;
    this.node = node;
    this.meters = meters;
    this.bus = bus;
  }

  /** {@code PUT /v2/images/{id}/file}. */
  public void upload(RoutingContext context) {
    receive(
        context,
        size ->
            journal.beginUpload(
                Requests.imageId(context),
                Requests.caller(context),
                access.permit(Requests.caller(context), Rule.UPLOAD_IMAGE),
                BlobPlan.image(store(context), node, size)),
        begun -> content(begun, Requests.token(context)).map(Optional::of),
        (begun, written) ->
            journal.commitUpload(
                begun,
                written.sizeBytes(),
                written.digests().orElseThrow(),
                written.virtualSizeBytes()));
  }

  /** {@code PUT /v2/images/{id}/stage}. */
  public void stage(RoutingContext context) {
    receive(
        context,
        size ->
            journal.beginStaging(
                Requests.imageId(context),
                Requests.caller(context),
                access.permit(Requests.caller(context), Rule.MODIFY_IMAGE),
                BlobPlan.staging(node, size)),
        begun -> Future.succeededFuture(Optional.empty()),
        (begun, written) -> journal.commitStaging(begun, written.sizeBytes(), written.digests()));
  }

  private Future<Message.Content> content(BlobJournal.Begun begun, Optional<String> token) {
    var image = begun.image();
    var formats =
        new Message.Content(
            Objects.requireNonNull(image.diskFormat()),
            Objects.requireNonNull(image.containerFormat()));
    return signatures
        .find(image, token)
        .onSuccess(found -> keys.claim(image, token))
        .map(formats::signed);
  }

  private void receive(
      RoutingContext context,
      Begin begin,
      Function<BlobJournal.Begun, Future<Optional<Message.Content>>> content,
      Commit commit) {
    var body = Objects.requireNonNull(context.<RequestBody>get(Endpoints.BODY));
    Future.succeededFuture()
        .map(ready -> declared(context))
        .compose(
            declared ->
                begin
                    .run(declared.bytes())
                    .compose(
                        begun -> transfer(body, begun, declared, content.apply(begun), commit)))
        .onSuccess(done -> Responses.empty(context, 204))
        .onFailure(context::fail);
  }

  private Future<Void> transfer(
      RequestBody body,
      BlobJournal.Begun begun,
      StoreClient.Expected declared,
      Future<Optional<Message.Content>> content,
      Commit commit) {
    var upload = meters.upload();
    return content
        .compose(known -> stores.write(begun.blob(), most(begun), declared, known))
        .compose(sink -> send(body, sink))
        .compose(
            written ->
                commit.run(begun, written).onSuccess(done -> upload.succeeded(written.sizeBytes())))
        .recover(
            failure -> {
              upload.failed();
              return giveUp(begun, failure);
            });
  }

  private long most(BlobJournal.Begun begun) {
    return Math.min(capabilities.sizeCapBytes(), begun.roomBytes());
  }

  private static Future<Message.Written> send(RequestBody body, BlobSink sink) {
    return body.to(sink).compose(sent -> sink.written()).onFailure(failure -> sink.abort());
  }

  private Future<Void> giveUp(BlobJournal.Begun begun, Throwable failure) {
    return journal
        .abort(begun.blob())
        .onSuccess(given -> bus.publish(Addresses.GARBAGE_WAKE, ""))
        .transform(given -> Future.failedFuture(failure));
  }

  private static StoreClient.Expected declared(RoutingContext context) {
    return new StoreClient.Expected(declaredSize(context), ExpectedDigests.ofBody(context));
  }

  private static Optional<Long> declaredSize(RoutingContext context) {
    var type = Requests.mediaType(context.request().getHeader(HttpHeaders.CONTENT_TYPE));
    if (!type.equals("application/octet-stream")) {
      throw unsupportedContent("Image data must be sent as application/octet-stream.");
    }
    return Requests.header(context, "x-openstack-image-size")
        .or(() -> Requests.header(context, HttpHeaders.CONTENT_LENGTH.toString()))
        .map(UploadHandler::size);
  }

  private static long size(String text) {
    try {
      return Long.parseUnsignedLong(text.strip());
    } catch (NumberFormatException malformed) {
      throw invalid(
          "The size of the data must be a whole number of bytes, not '%s'.".formatted(text));
    }
  }

  private String store(RoutingContext context) {
    var asked = Requests.header(context, "X-Image-Meta-Store").orElse(capabilities.defaultStore());
    if (!capabilities.stores().containsKey(asked)) {
      throw invalid(
          "There is no store '%s'; use one of %s."
              .formatted(asked, capabilities.stores().keySet()));
    }
    if (!capabilities.isWritable(asked)) {
      throw gone(
          "The store '%s' is read-only; use one of %s."
              .formatted(asked, capabilities.writableStores()));
    }
    return asked;
  }

  private interface Begin {
    Future<BlobJournal.Begun> run(Optional<Long> size);
  }

  private interface Commit {
    Future<Void> run(BlobJournal.Begun begun, Message.Written written);
  }
}
