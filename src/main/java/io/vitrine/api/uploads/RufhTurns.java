package io.vitrine.api.uploads;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.ExpectedDigests;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.catalog.blobs.Upload;
import io.vitrine.catalog.blobs.UploadLease;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.transfer.bus.Message;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * Runs turns of uploads by the draft, and answers as it wants.
 *
 * @param uploads knows what callers need
 */
record RufhTurns(UploadSite site, UploadsHandler uploads, Rufh fields) {
  /**
   * A request's part of the data.
   *
   * @param isLast whether the data is whole with it
   * @param checksum what it must hash to
   * @param progress is told what {@link UploadCourse#progress} is
   * @param isUnknown whether no client knows of the upload
   */
  record Part(
      boolean isLast,
      Optional<HashClaim> checksum,
      LongConsumer progress,
      BooleanSupplier isUnknown) {}

  /** An upload after a request. */
  record Outcome(Upload upload, boolean isComplete) {}

  /** The checksum of a body that is a part of the data. */
  static Optional<HashClaim> checksum(RoutingContext context) {
    return ExpectedDigests.ofContent(context).stream().findFirst();
  }

  /** Takes the body of a request. */
  Future<Outcome> take(RoutingContext context, UploadLease lease, Part part) {
    var purpose = lease.upload().blob().purpose();
    var permit = uploads.permit(Requests.caller(context)).apply(purpose);
    var course =
        new UploadCourse(
            part.isLast ? Message.TurnKind.LAST : Message.TurnKind.MORE, part.progress);
    var turn =
        new UploadTurn(
            site,
            context,
            lease,
            new UploadTurn.Terms(permit, fields.maxBytes(), part.checksum, course));
    return turn.endingIf(part.isUnknown)
        .run()
        .map(taken -> new Outcome(taken, part.isLast))
        .recover(failure -> Future.failedFuture(reason(context, turn.isRefused(), part, failure)));
  }

  /** Marks failures that come of the data itself, after which the upload cannot go on. */
  private static Throwable reason(
      RoutingContext context, boolean isRefused, Part part, Throwable failure) {
    if (isRefused && !part.isLast) {
      return beyondLength();
    }
    if (isRefused) {
      context.response().putHeader(Rufh.COMPLETE, Rufh.flag(true));
    }
    return failure instanceof ProblemException expected
            && expected.problem() instanceof Problem.ChecksumMismatch mismatch
        ? invalid(mismatch.detail())
        : failure;
  }

  /** The failure of a request that brings more than the length of the data. */
  static RufhException beyondLength() {
    return RufhException.inconsistentLength(
        "There is more data than its length says; the upload has ended.");
  }

  /** Answers what a plain upload does. */
  void answerComplete(RoutingContext context) {
    context.response().putHeader(Rufh.COMPLETE, Rufh.flag(true));
    Responses.empty(context, 204);
  }

  /** Answers a failure; one about a size tells the limits, and one about a writer when to retry. */
  void fail(RoutingContext context, Throwable failure) {
    if (failure instanceof ProblemException expected) {
      switch (expected.problem()) {
        case Problem.TooLarge it -> context.response().putHeader(Rufh.LIMIT, fields.limits());
        case Problem.Locked it -> context.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
        default -> {}
      }
    }
    RufhException.fail(context, failure);
  }
}
