package io.vitrine.api.uploads;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.data.DataReceiver;
import io.vitrine.api.data.UploadHeaders;
import io.vitrine.api.filter.Endpoints;
import io.vitrine.api.filter.RouteGroup;
import io.vitrine.api.request.ExpectedDigests;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.catalog.blobs.DigestMetadata;
import io.vitrine.catalog.blobs.UploadLease;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.HashClaim;
import java.util.Optional;

/**
 * Uploads by {@code PUT} that other requests can go on with if the client takes part in the draft;
 * those of other clients are none of its business. One that sends all data, and cannot be told
 * where to go on, is a plain upload too.
 */
public final class RufhPuts implements DataReceiver, RouteGroup {
  private final DataReceiver plain;
  private final RufhTurns turns;

  /** Adds the draft to plain uploads. */
  public RufhPuts(DataReceiver plain, RufhHandler resources) {
    this.plain = plain;
    this.turns = resources.turns();
  }

  @Override
  public void addTo(Endpoints endpoints) {
    endpoints.openUntold(
        HttpMethod.OPTIONS,
        "/images/:image/file",
        context -> describe(context, "GET, HEAD, OPTIONS, PUT"));
    endpoints.openUntold(
        HttpMethod.OPTIONS, "/images/:image/stage", context -> describe(context, "OPTIONS, PUT"));
  }

  private void describe(RoutingContext context, String methods) {
    context
        .response()
        .putHeader(HttpHeaders.ALLOW, methods)
        .putHeader(Rufh.LIMIT, turns.fields().limits());
    Responses.empty(context, 204);
  }

  @Override
  public void upload(RoutingContext context) {
    receive(context, BlobRef.Purpose.IMAGE, plain::upload);
  }

  @Override
  public void stage(RoutingContext context) {
    receive(context, BlobRef.Purpose.STAGING, plain::stage);
  }

  private void receive(
      RoutingContext context, BlobRef.Purpose purpose, Handler<RoutingContext> whole) {
    var told = ItemField.flag(context, Rufh.COMPLETE);
    var announcements = Announcements.of(context);
    if (told.isEmpty() || (told.get() && announcements.isEmpty())) {
      whole.handle(context);
      return;
    }
    var first = new First(context, told.get(), announcements);
    Future.succeededFuture()
        .map(ready -> creation(context, purpose, told.get()))
        .compose(creation -> create(first, creation))
        .onSuccess(outcome -> answer(context, outcome))
        .onFailure(failure -> turns.fail(context, failure));
  }

  /** The first request of an upload, which the client may have been told of. */
  private record First(
      RoutingContext context, boolean isLast, Optional<Announcements> announcements) {
    boolean isUnknown() {
      return announcements.filter(Announcements::isKnown).isEmpty();
    }
  }

  private NewUpload creation(RoutingContext context, BlobRef.Purpose purpose, boolean isLast) {
    UploadHeaders.requireWhole(context);
    UploadHeaders.requireOctets(context);
    var body = Tus.bodyBytes(context);
    var length =
        DataLength.agreed(
            ItemField.count(context, Rufh.LENGTH),
            isLast ? body : Optional.empty(),
            Requests.header(context, "x-openstack-image-size")
                .flatMap(size -> UploadHeaders.size(context)));
    if (body.orElse(0L) > length.orElse(Long.MAX_VALUE)) {
      throw RufhException.inconsistentLength("The body is larger than the data.");
    }
    NewUpload.requireSize(length, turns.fields().maxBytes());
    var claims = isLast ? ExpectedDigests.ofBody(context) : ExpectedDigests.ofWhole(context);
    return new NewUpload(
        length,
        DigestMetadata.of(claims),
        purpose,
        Requests.header(context, "X-Image-Meta-Store"),
        new Concat.Whole(),
        claims);
  }

  private Future<RufhTurns.Outcome> create(First first, NewUpload creation) {
    var uploads = turns.uploads();
    return uploads
        .begin(first.context, creation)
        .compose(
            lease -> take(first, lease),
            failure ->
                first.isLast
                    ? Future.failedFuture(failure)
                    : uploads
                        .again(first.context, creation, failure)
                        .map(found -> new RufhTurns.Outcome(found, false)));
  }

  /** Gives the upload up if the client has not been told of it, as it cannot go on with it then. */
  private Future<RufhTurns.Outcome> take(First first, UploadLease lease) {
    var context = first.context;
    var checksum = first.isLast ? Optional.<HashClaim>empty() : RufhTurns.checksum(context);
    var part =
        new RufhTurns.Part(
            first.isLast,
            checksum,
            offset -> first.announcements.ifPresent(it -> tell(it, context, lease, offset)),
            first::isUnknown);
    return turns.take(context, lease, part);
  }

  private void tell(
      Announcements announcements, RoutingContext context, UploadLease lease, long offset) {
    if (announcements.isKnown()) {
      announcements.goOn(offset);
    } else {
      var upload = lease.upload();
      announcements.begin(Rufh.location(context, upload), turns.fields().limits(upload));
    }
  }

  private void answer(RoutingContext context, RufhTurns.Outcome outcome) {
    if (outcome.isComplete()) {
      turns.answerComplete(context);
      return;
    }
    var upload = outcome.upload();
    turns.fields().describe(context.response(), upload);
    context.response().putHeader(HttpHeaders.LOCATION, Rufh.location(context, upload));
    Responses.empty(context, 201);
  }
}
