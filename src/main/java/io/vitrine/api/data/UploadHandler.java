package io.vitrine.api.data;

import static io.vitrine.image.problem.ProblemException.invalid;
import static io.vitrine.image.problem.ProblemException.unsupportedContent;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
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
public final class UploadHandler {
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

  /** {@code PUT /v2/images/{id}/file}. */
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

  /** {@code PUT /v2/images/{id}/stage}. */
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
    requireWhole(context);
    return new StoreClient.Expected(declaredSize(context), ExpectedDigests.ofBody(context));
  }

  /** Refuses a part of the data, which would pass for all of it (RFC 9110, section 14.5). */
  private static void requireWhole(RoutingContext context) {
    Requests.header(context, HttpHeaders.CONTENT_RANGE.toString())
        .ifPresent(
            range -> {
              throw invalid(
                  "Image data cannot be uploaded in parts: 'Content-Range: %s' names a part of it;"
                          .formatted(range)
                      + " send all the data in one request, without Content-Range.");
            });
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
    return capabilities.requireWritable(asked);
  }

  private interface Begin {
    Future<BlobJournal.Begun> run(Optional<Long> size);
  }
}
