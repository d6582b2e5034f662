package io.vitrine.api.uploads;

import static io.vitrine.image.problem.ProblemException.invalid;
import static io.vitrine.image.problem.ProblemException.notFound;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.policy.Rule;
import io.vitrine.api.filter.Endpoints;
import io.vitrine.api.request.Access;
import io.vitrine.api.request.ApiTerms;
import io.vitrine.api.request.Links;
import io.vitrine.api.request.RequestBody;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.catalog.blobs.BlobJournal;
import io.vitrine.catalog.blobs.BlobPlan;
import io.vitrine.catalog.blobs.NewPart;
import io.vitrine.catalog.blobs.Upload;
import io.vitrine.catalog.blobs.UploadLease;
import io.vitrine.catalog.blobs.UploadRequest;
import io.vitrine.image.Caller;
import io.vitrine.image.Permit;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.listener.Patience;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** Uploads that take several requests, by the tus protocol. */
public final class UploadsHandler {
  /** The path of an upload, without its id. */
  private static final String PATH = "/vitrine/v1/uploads/";

  private final UploadSite site;
  private final BlobJournal blobs;
  private final Access access;
  private final ApiCapabilities capabilities;

  /** Creates the handler. */
  public UploadsHandler(UploadSite site, BlobJournal blobs, ApiTerms terms) {
    this.site = site;
    this.blobs = blobs;
    this.access = terms.access();
    this.capabilities = terms.capabilities();
  }

  /** {@code OPTIONS} of any of the paths. */
  public void options(RoutingContext context) {
    Tus.describe(context.response(), capabilities.sizeCapBytes());
    Responses.empty(context, 204);
  }

  /** {@code POST /vitrine/v1/images/{id}/uploads}. */
  public void create(RoutingContext context) {
    Future.succeededFuture()
        .map(ready -> creation(context))
        .compose(
            creation ->
                creation.concat() instanceof Concat.Joined joined
                    ? join(context, creation, joined)
                    : begin(context, creation)
                        .compose(
                            lease -> firstTurn(context, lease),
                            failure -> again(context, creation, failure)))
        .onSuccess(
            upload -> {
              context
                  .response()
                  .putHeader(
                      HttpHeaders.LOCATION, Links.absolute(context, PATH + upload.blob().id()));
              Tus.describe(context.response(), upload);
              Responses.empty(context, 201);
            })
        .onFailure(context::fail);
  }

  private NewUpload creation(RoutingContext context) {
    Tus.requirePartIfAny(context);
    var creation = NewUpload.of(context, capabilities.sizeCapBytes());
    Tus.checksum(context);
    if (Tus.bodyBytes(context).orElse(0L) > creation.length().orElse(Long.MAX_VALUE)) {
      throw invalid("The body is larger than Upload-Length.");
    }
    return creation;
  }

  /** The answer comes when the data is that of the image, however long that takes. */
  private Future<Upload> join(RoutingContext context, NewUpload creation, Concat.Joined joined) {
    discardBody(context);
    var patience = Patience.with(context.request().connection());
    var permit = permit(Requests.caller(context)).apply(creation.purpose());
    return new UploadJoins(site, blobs)
        .join(
            new UploadJoins.Order(context, creation, joined, permit, capabilities.sizeCapBytes()),
            () -> beginBlob(context, creation))
        .onComplete(done -> patience.end());
  }

  private Future<BlobJournal.Begun> beginBlob(RoutingContext context, NewUpload creation) {
    var image = Requests.imageId(context);
    var caller = Requests.caller(context);
    var permit = permit(caller).apply(creation.purpose());
    return switch (creation.purpose()) {
      case IMAGE -> blobs.beginUpload(image, caller, permit, plan(creation));
      case STAGING -> blobs.beginStaging(image, caller, permit, plan(creation));
    };
  }

  Future<UploadLease> begin(RoutingContext context, NewUpload creation) {
    if (creation.isPart()) {
      var caller = Requests.caller(context);
      var permit = permit(caller).apply(creation.purpose());
      return site.parts()
          .create(
              Requests.imageId(context),
              new NewPart(caller, permit, plan(creation), creation.metadata()));
    }
    return beginBlob(context, creation)
        .compose(
            known ->
                site.journal()
                    .create(known, creation.length(), creation.metadata(), creation.digests())
                    .recover(
                        failure ->
                            blobs
                                .abort(known.blob())
                                .transform(given -> Future.failedFuture(failure))));
  }

  private BlobPlan plan(NewUpload creation) {
    var node = site.stores().node();
    return switch (creation.purpose()) {
      case IMAGE ->
          BlobPlan.image(
              capabilities.requireWritable(creation.store().orElse(capabilities.defaultStore())),
              node,
              creation.length());
      case STAGING -> BlobPlan.staging(node, creation.length());
    };
  }

  /** A client that does not get the answer does not know the upload, so it cannot go on with it. */
  private Future<Upload> firstTurn(RoutingContext context, UploadLease lease) {
    return turn(context, lease).endingIf(() -> true).run();
  }

  /** Answers a client that repeats its request, as it may not have got the first answer. */
  Future<Upload> again(RoutingContext context, NewUpload creation, Throwable failure) {
    boolean isPossible =
        failure instanceof ProblemException expected
            && expected.problem() instanceof Problem.Conflict
            && !creation.isPart()
            && !Requests.hasBody(context);
    return isPossible
        ? site.journal()
            .findUntouched(
                Requests.imageId(context), plan(creation), creation.metadata(), creation.digests())
            .compose(
                found ->
                    found
                        .map(Future::succeededFuture)
                        .orElseGet(() -> Future.failedFuture(failure)))
        : Future.failedFuture(failure);
  }

  Function<BlobRef.Purpose, Permit> permit(Caller caller) {
    return purpose ->
        access.permit(
            caller,
            switch (purpose) {
              case IMAGE -> Rule.UPLOAD_IMAGE;
              case STAGING -> Rule.MODIFY_IMAGE;
            });
  }

  private UploadTurn turn(RoutingContext context, UploadLease lease) {
    var permit = permit(Requests.caller(context)).apply(lease.upload().blob().purpose());
    var terms = new UploadTurn.Terms(permit, capabilities.sizeCapBytes(), Tus.checksum(context));
    return new UploadTurn(site, context, lease, terms);
  }

  /** {@code HEAD /vitrine/v1/uploads/{upload}}. */
  public void show(RoutingContext context) {
    find(context)
        .recover(failure -> findJoined(context, failure))
        .onSuccess(
            upload -> {
              var response = context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
              Tus.describe(response, upload);
              upload
                  .length()
                  .ifPresentOrElse(
                      length -> response.putHeader(Tus.LENGTH, length.toString()),
                      () -> response.putHeader(Tus.DEFER_LENGTH, "1"));
              upload.metadata().ifPresent(text -> response.putHeader(Tus.METADATA, text));
              upload.concat().ifPresent(text -> response.putHeader(Concat.HEADER, text));
              Responses.empty(context, 200);
            })
        .onFailure(context::fail);
  }

  private Future<Upload> find(RoutingContext context) {
    var caller = Requests.caller(context);
    return Future.succeededFuture()
        .compose(ready -> site.journal().find(id(context), caller, permit(caller)));
  }

  private Future<Upload> findJoined(RoutingContext context, Throwable failure) {
    var caller = Requests.caller(context);
    return failure instanceof ProblemException expected
            && expected.problem() instanceof Problem.NotFound
        ? Future.succeededFuture()
            .compose(ready -> site.parts().findJoined(id(context), caller, permit(caller)))
        : Future.failedFuture(failure);
  }

  static UUID id(RoutingContext context) {
    var text = Objects.requireNonNullElse(context.pathParam("upload"), "");
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException malformed) {
      throw notFound("There is no upload %s, or it has ended.".formatted(text));
    }
  }

  /** {@code PATCH /vitrine/v1/uploads/{upload}}. */
  public void append(RoutingContext context) {
    Future.succeededFuture()
        .map(ready -> request(context))
        .compose(request -> site.journal().lease(id(context), request))
        .compose(lease -> turn(context, lease).run())
        .onSuccess(
            upload -> {
              Tus.describe(context.response(), upload);
              Responses.empty(context, 204);
            })
        .onFailure(context::fail);
  }

  private UploadRequest request(RoutingContext context) {
    Tus.requirePart(context);
    Tus.checksum(context);
    var offset =
        Tus.bytes(context, Tus.OFFSET)
            .orElseThrow(() -> invalid("Upload-Offset must say where the data begins."));
    var length = Tus.bytes(context, Tus.LENGTH);
    NewUpload.requireSize(length, capabilities.sizeCapBytes());
    var caller = Requests.caller(context);
    return new UploadRequest(caller, permit(caller), offset, Tus.bodyBytes(context), length);
  }

  /** {@code DELETE /vitrine/v1/uploads/{upload}}. */
  public void end(RoutingContext context) {
    find(context)
        .compose(upload -> UploadTurn.end(site, upload.blob()))
        .onSuccess(ended -> Responses.empty(context, 204))
        .onFailure(context::fail);
  }

  /** {@code POST /vitrine/v1/uploads/{upload}}, of clients that cannot send other methods. */
  public void override(RoutingContext context) {
    switch (Requests.header(context, Tus.METHOD_OVERRIDE).orElse("")) {
      case "PATCH" -> append(context);
      case "HEAD" -> discarding(context, this::show);
      case "DELETE" -> discarding(context, this::end);
      default -> context.fail(invalid("X-HTTP-Method-Override must be PATCH, HEAD or DELETE."));
    }
  }

  private static void discarding(RoutingContext context, Consumer<RoutingContext> handler) {
    context.addHeadersEndHandler(answering -> discardBody(context));
    handler.accept(context);
  }

  private static void discardBody(RoutingContext context) {
    Optional.ofNullable(context.<RequestBody>get(Endpoints.BODY)).ifPresent(RequestBody::discard);
  }
}
