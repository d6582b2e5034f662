package io.vitrine.store;

import io.vertx.core.Future;
import io.vitrine.store.blob.ResumableWriter;
import io.vitrine.transfer.bus.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;

/**
 * What is computed over an upload in one of its turns. If the computation of the turn before is at
 * hand and complete, it goes on with the data as it comes; otherwise it follows the writer from
 * where it is.
 */
final class UploadInspection implements StreamInspection {
  /**
   * Where the data goes.
   *
   * @param hashing computes checksums
   * @param disk runs the writer
   */
  record Site(UploadTurns turns, Executor hashing, ResumableWriter writer, SerialExecutor disk) {}

  private final UploadTurns turns;
  private final UUID blob;
  private final UploadTurns.Rest before;

  /** Present if the turn before has not left a computation over all the data. */
  private final Optional<DataFollower> follower;

  private final Optional<TransferChecksum> checksum;
  private long takenBytes;
  private volatile boolean isFinished;
  private boolean isLeft;

  /** Goes on with what the turn before has left, else with a fresh inspection. */
  UploadInspection(Site site, Message.WriteRequest request, TransferInspection fresh) {
    var resumption = request.resumption().orElseThrow();
    this.turns = site.turns;
    this.blob = request.blob().id();
    this.before =
        turns
            .resume(blob, resumption.turn(), resumption.offset())
            .orElseGet(() -> new UploadTurns.Rest(resumption.turn() - 1, fresh, 0));
    this.takenBytes = before.bytes();
    this.follower =
        takenBytes == resumption.offset() && !site.writer.isAhead()
            ? Optional.empty()
            : Optional.of(
                new DataFollower(site.writer, site.disk, before.inspection(), takenBytes));
    this.checksum = TransferChecksum.of(resumption, site.hashing);
  }

  @Override
  public void take(ByteBuffer[] data, Countdown work) {
    checksum.ifPresent(each -> each.digest().take(data, work));
    if (follower.isPresent()) {
      follower.get().follow();
      return;
    }
    before.inspection().take(data, work);
    for (var piece : data) {
      takenBytes += piece.remaining();
    }
  }

  @Override
  public Future<Message.Written> finish(long size) {
    return finishPart()
        .compose(
            sound -> follower.map(behind -> behind.follow(size)).orElseGet(Future::succeededFuture))
        .compose(
            all -> {
              isFinished = true;
              return before.inspection().finish(size);
            });
  }

  @Override
  public Future<Void> finishPart() {
    return checksum.map(TransferChecksum::verify).orElseGet(Future::succeededFuture);
  }

  /** Leaves the computation to the next turn, unless it is finished. */
  @Override
  public void leave() {
    if (isLeft) {
      return;
    }
    isLeft = true;
    long bytes = follower.map(UploadInspection::close).orElse(takenBytes);
    if (!isFinished) {
      turns.rest(blob, new UploadTurns.Rest(before.turn() + 1, before.inspection(), bytes));
    }
  }

  private static long close(DataFollower follower) {
    try {
      return follower.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
