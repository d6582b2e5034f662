package io.vitrine.api.uploads;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.filter.Endpoints;
import io.vitrine.api.request.RequestBody;
import io.vitrine.api.request.Requests;
import io.vitrine.catalog.blobs.Upload;
import io.vitrine.catalog.blobs.UploadEndings;
import io.vitrine.catalog.blobs.UploadLease;
import io.vitrine.image.Permit;
import io.vitrine.image.location.BlobRef;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.transfer.bus.Addresses;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.bus.ProblemCodec;
import io.vitrine.transfer.stream.BlobSink;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request's turn of an upload: its body goes to the store, and what is durable there is
 * recorded several times while the client sends. A client that is silent loses the lease to the
 * next request that asks for it; what it has sent stays.
 *
 * <p>Belongs to the event loop of the request.
 */
final class UploadTurn {
  /** How often the lease is looked after before it would expire. */
  private static final int LOOKS = 4;

  /** How long to wait for a process that has lost the lease to notice it. */
  private static final int ATTEMPTS = 10;

  private static final long PAUSE_MILLIS = 500;

  private final UploadSite site;
  private final RoutingContext context;
  private final UploadLease lease;
  private final Terms terms;
  private final Upload upload;
  private final Message.TurnKind kind;
  private @Nullable BlobSink sink;
  private @Nullable Throwable loss;
  private long durableBytes;
  private long seenBytes = -1;
  private boolean isKeeping;
  private boolean isRefused;
  private BooleanSupplier isUnknown = () -> false;

  /**
   * What a turn must keep to.
   *
   * @param permit what the caller needs when the data is complete
   * @param maxBytes the most that the whole data may have
   * @param checksum what the body must hash to
   */
  record Terms(Permit permit, long maxBytes, Optional<HashClaim> checksum, UploadCourse course) {
    /** What a turn must keep to if the data is whole once it has its length. */
    Terms(Permit permit, long maxBytes, Optional<HashClaim> checksum) {
      this(permit, maxBytes, checksum, UploadCourse.byLength());
    }
  }

  UploadTurn(UploadSite site, RoutingContext context, UploadLease lease, Terms terms) {
    this.site = site;
    this.context = context;
    this.lease = lease;
    this.terms = terms;
    this.upload = lease.upload();
    this.kind = upload.isPart() ? Message.TurnKind.PART : terms.course.kind();
    this.durableBytes = upload.received();
  }

  /**
   * Lets the upload end if this turn fails while no client knows of it. It ends under the lease: a
   * client that repeats its first request must not be told of an upload that is about to end.
   */
  UploadTurn endingIf(BooleanSupplier unknown) {
    isUnknown = unknown;
    return this;
  }

  /** Takes the body; answers the upload as it is then. */
  Future<Upload> run() {
    var meter = site.meters().upload();
    var vertx = context.vertx();
    long timer =
        vertx.setPeriodic(
            Math.max(1, site.journal().takeover().toMillis() / LOOKS), tick -> look());
    return content()
        .compose(known -> open(known, ATTEMPTS))
        .compose(this::send)
        .compose(this::settle)
        .onSuccess(done -> meter.succeeded(done.received() - upload.received()))
        .onFailure(failure -> meter.failed())
        .recover(this::rest)
        .onComplete(done -> vertx.cancelTimer(timer));
  }

  private Future<Optional<Message.Content>> content() {
    if (kind.isOfPart()) {
      return Future.succeededFuture(Optional.empty());
    }
    return switch (upload.blob().purpose()) {
      case IMAGE ->
          site.contents().of(lease.begun().image(), Requests.token(context)).map(Optional::of);
      case STAGING -> Future.succeededFuture(Optional.empty());
    };
  }

  private Future<BlobSink> open(Optional<Message.Content> content, int attempts) {
    var resumption = new Message.Resumption(lease.turn(), upload.received(), terms.checksum, kind);
    return site.stores()
        .resume(upload.blob(), constraints(), content, resumption)
        .recover(
            failure ->
                loss == null
                        && attempts > 1
                        && ProblemCodec.toProblem(failure) instanceof Problem.Locked
                    ? context
                        .vertx()
                        .timer(PAUSE_MILLIS, MILLISECONDS)
                        .compose(over -> open(content, attempts - 1))
                    : Future.failedFuture(failure));
  }

  /** The length of a part is only a bound, which the store must not take for that of an image. */
  private Message.Constraints constraints() {
    long most = Math.min(terms.maxBytes, lease.begun().roomBytes());
    return kind.isOfPart()
        ? new Message.Constraints(
            Math.min(most, upload.length().orElse(most)), Optional.empty(), List.of())
        : new Message.Constraints(most, upload.length(), upload.digests());
  }

  /**
   * Sends the body, unless the lease was lost before the blob was open: later turns may have
   * written more of it since then.
   */
  private Future<Message.Written> send(BlobSink opened) {
    return site.journal()
        .requireHeld(lease)
        .compose(held -> loss == null ? Future.succeededFuture() : Future.failedFuture(loss))
        .onFailure(lost -> opened.abort())
        .compose(held -> sendTo(opened));
  }

  private Future<Message.Written> sendTo(BlobSink opened) {
    sink = opened;
    terms.course.progress().accept(upload.received());
    var body = Objects.requireNonNull(context.<RequestBody>get(Endpoints.BODY));
    var end =
        site.monitor()
            .watch(upload.blob(), upload.length(), () -> upload.received() + opened.takenBytes());
    return body.to(opened).compose(sent -> opened.written()).onComplete(done -> end.run());
  }

  private Future<Upload> settle(Message.Written written) {
    durableBytes = written.sizeBytes();
    if (written.digests().isEmpty()) {
      return site.journal().leave(lease, durableBytes);
    }
    var complete =
        new UploadEndings.Complete(
            written.sizeBytes(), written.digests(), written.virtualSizeBytes());
    return site.endings()
        .complete(lease, Requests.caller(context), terms.permit, complete)
        .map(upload.with(durableBytes));
  }

  /** Leaves what is durable to another request, unless the data is refused for what it is. */
  private Future<Upload> rest(Throwable failure) {
    if (loss != null) {
      return Future.failedFuture(loss);
    }
    if (isVerdict(failure)) {
      isRefused = true;
      return end().transform(ended -> Future.failedFuture(failure));
    }
    if (isUnknown.getAsBoolean() || isLoss(failure)) {
      Optional.ofNullable(sink).ifPresent(BlobSink::abort);
      return end().transform(ended -> Future.failedFuture(failure));
    }
    return keep()
        .compose(bytes -> site.journal().leave(lease, bytes))
        .transform(left -> Future.failedFuture(failure));
  }

  /**
   * Whether the store has lost data of the upload. A client of tus is told how far it is as long as
   * it rests; one of the draft learns at once that there is none any more.
   */
  private boolean isLoss(Throwable failure) {
    return (kind == Message.TurnKind.MORE || kind == Message.TurnKind.LAST)
        && failure instanceof ProblemException expected
        && expected.problem() instanceof Problem.Missing;
  }

  /** Whether all data has arrived and is not what the image needs, or does not have its length. */
  private boolean isVerdict(Throwable failure) {
    var problem = failure instanceof ProblemException expected ? expected.problem() : null;
    return sink != null
        && isAtEnd(sink)
        && (problem instanceof Problem.Invalid || problem instanceof Problem.UnsupportedContent);
  }

  private boolean isAtEnd(BlobSink open) {
    long end = upload.received() + open.sentBytes();
    return switch (kind) {
      case AT_LENGTH -> upload.length().equals(Optional.of(end));
      case MORE -> end > upload.length().orElse(Long.MAX_VALUE);
      case LAST -> open.isEnding() || end > upload.length().orElse(Long.MAX_VALUE);
      case PART, PART_END -> false;
    };
  }

  /** Whether the data was refused for what it is, so that the upload has ended. */
  boolean isRefused() {
    return isRefused;
  }

  /** Gives an upload up, whoever sends data for it; its data is removed soon. */
  static Future<Void> end(UploadSite site, BlobRef blob) {
    return site.endings().giveUp(blob).onSuccess(given -> discard(site, blob));
  }

  /** Gives the upload up, unless another turn goes on with it. */
  private Future<Void> end() {
    return site.endings().giveUp(lease).onSuccess(given -> discard(site, upload.blob()));
  }

  private static void discard(UploadSite site, BlobRef blob) {
    site.bus().publish(Addresses.STORE_DISCARD, blob.id().toString());
    site.bus().publish(Addresses.GARBAGE_WAKE, "");
  }

  /** How many bytes of the upload count. Those of a body whose checksum is unknown do not. */
  private Future<Long> keep() {
    if (sink == null) {
      return Future.succeededFuture(durableBytes);
    }
    if (terms.checksum.isPresent()) {
      sink.abort();
      return Future.succeededFuture(upload.received());
    }
    return sink.keep(true).otherwise(broken -> durableBytes);
  }

  private void look() {
    var open = sink;
    if (open == null || isKeeping || open.isEnding()) {
      renew(true).onFailure(this::onLoss);
      return;
    }
    long read = context.request().bytesRead();
    boolean isSilent = read == seenBytes && !open.writeQueueFull();
    seenBytes = read;
    boolean isDurable = durableBytes == upload.received() + open.sentBytes();
    if (terms.checksum.isPresent() || (isSilent && isDurable)) {
      renew(!isSilent).onFailure(this::onLoss);
    } else {
      record(open, isSilent);
    }
  }

  /** Keeps the lease if there is something new, else only looks whether it is still there. */
  private Future<Void> renew(boolean hasNews) {
    return hasNews ? site.journal().renew(lease, durableBytes) : site.journal().requireHeld(lease);
  }

  /** Records what is durable, which may be more even if the client is silent. */
  private void record(BlobSink open, boolean isSilent) {
    isKeeping = true;
    open.keep(false)
        .compose(
            bytes -> {
              boolean hasMore = bytes > durableBytes;
              durableBytes = Math.max(durableBytes, bytes);
              return renew(hasMore || !isSilent)
                  .onSuccess(renewed -> tell(hasMore))
                  .onFailure(this::onLoss);
            })
        .onComplete(kept -> isKeeping = false);
  }

  private void tell(boolean hasMore) {
    if (hasMore) {
      terms.course.progress().accept(durableBytes);
    }
  }

  /** Stops if the lease is gone; without the database nobody else can have it either. */
  private void onLoss(Throwable failure) {
    if (failure instanceof ProblemException && loss == null) {
      loss = failure;
      if (sink != null) {
        sink.abort();
      }
    }
  }
}
