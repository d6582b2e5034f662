package io.vitrine.store;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.internals.Buffers;
import io.vitrine.store.blob.BlobWriter;
import io.vitrine.store.blob.ResumableWriter;
import io.vitrine.store.blob.StoreFailures;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.bus.ProblemCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Receives a blob: each chunk is written, hashed and inspected in parallel, and its credit is
 * returned when all are done. The transfer ends with a commit at the sender's request, or when
 * either side gives up.
 *
 * <p>Its fields belong to the verticle's context; the steps of an executor touch only their own
 * state.
 */
final class WriteTransfer {
  /**
   * What happens to the data.
   *
   * @param disk runs the writes in order
   * @param window how much the sender may have in transit
   */
  record Work(BlobWriter writer, SerialExecutor disk, StreamInspection inspection, Window window) {}

  private final TransferLink link;
  private final Context context;
  private final Message.WriteRequest request;
  private final BlobWriter writer;
  private final Window window;
  private final SerialExecutor disk;
  private final StreamInspection inspection;
  private final Runnable onClosed;
  private final Runnable endWatch;
  private final Promise<Void> ended = Promise.promise();

  private long receivedBytes;
  private long lastHeardNanos;
  private boolean isStarted;
  private boolean isFinishing;
  private boolean isClosed;
  private Problem reason = new Problem.Gone("The transfer has already ended.");

  WriteTransfer(TransferLink link, Message.WriteRequest request, Work work, Runnable onClosed) {
    this.link = link;
    this.context = link.vertx().getOrCreateContext();
    this.request = request;
    this.writer = work.writer();
    this.window = work.window();
    this.disk = work.disk();
    this.inspection = work.inspection();
    this.onClosed = onClosed;
    this.receivedBytes = request.resumption().map(Message.Resumption::offset).orElse(0L);
    link.consumer().handler(this::onMessage);
    this.lastHeardNanos = link.idle().nowNanos();
    this.endWatch = link.idle().watch(this::onTick);
  }

  /** The id of the store that receives the data. */
  String store() {
    return request.blob().store();
  }

  /**
   * Gives up for a reason on this side and tells the sender, also in reply to a {@link
   * Message.Finish} already in transit.
   */
  void breakOff(Problem problem) {
    if (!isClosed) {
      reason = problem;
      link.send(new Message.Broken(problem));
      free();
    }
  }

  /** Ends the transfer for another request; completes once nothing more will be written. */
  Future<Void> giveWay() {
    context.runOnContext(
        now -> breakOff(new Problem.Conflict("Another request goes on with the upload.")));
    return ended.future();
  }

  private void onMessage(io.vertx.core.eventbus.Message<Message> message) {
    lastHeardNanos = link.idle().nowNanos();
    if (message.body() instanceof Message.Chunk
        || message.body() instanceof Message.Keep
        || message.body() instanceof Message.Finish) {
      startOnce();
    }
    switch (message.body()) {
      case Message.Chunk(Buffer data) -> take(data);
      case Message.Keep(boolean isLast) -> keep(message, isLast);
      case Message.Finish() -> finish(message);
      case Message.Abort() -> abort();
      default -> {}
    }
  }

  /**
   * Not before the sender goes on: it makes sure that it still has the turn once the blob is open,
   * and if it has not, what later turns have written must stay.
   */
  private void startOnce() {
    if (!isStarted && !isClosed && writer instanceof ResumableWriter resumable) {
      onDisk(() -> start(resumable)).onFailure(this::onFailure);
    }
    isStarted = true;
  }

  private void take(Buffer data) {
    receivedBytes += data.length();
    if (isClosed) {
      return;
    }
    if (receivedBytes > request.constraints().maxBytes()) {
      breakOff(
          new Problem.TooLarge(
              "The image is larger than the %d bytes allowed."
                  .formatted(request.constraints().maxBytes())));
    } else if (receivedBytes > request.constraints().expectedBytes().orElse(Long.MAX_VALUE)) {
      breakOff(wrongSize());
    } else {
      process(Buffers.parts(data), data.length());
    }
  }

  private void process(ByteBuffer[] data, int size) {
    var work = new Countdown(() -> context.runOnContext(later -> refund(size)));
    var written = work.join();
    disk.run(() -> write(data, written));
    inspection.take(data, work);
    work.close();
  }

  /** Answers every chunk, even with zero credit: it shows the sender that this side is alive. */
  private void refund(int size) {
    link.send(new Message.Credit(window.refund(size)));
  }

  private static boolean start(ResumableWriter writer) throws IOException {
    writer.start();
    return true;
  }

  private void onFailure(Throwable failure) {
    var problem = StoreFailures.toProblem(request.blob().store(), failure);
    context.runOnContext(later -> breakOff(problem));
  }

  private void write(ByteBuffer[] data, Runnable written) {
    try {
      writer.write(Arrays.stream(data).map(ByteBuffer::duplicate).toArray(ByteBuffer[]::new));
      written.run();
    } catch (IOException | RuntimeException failure) {
      onFailure(failure);
    }
  }

  /** Makes durable what has arrived of a blob that takes several requests. */
  private void keep(io.vertx.core.eventbus.Message<Message> message, boolean isLast) {
    isFinishing |= isLast;
    Future<Message> kept =
        isClosed
            ? Future.failedFuture(new ProblemException(reason))
            : onDisk(() -> isLast ? keepAll() : resumable().keep(false)).map(Message.Kept::new);
    kept.onComplete(
        outcome ->
            context.runOnContext(
                later -> {
                  if (outcome.succeeded() && !isLast) {
                    message.reply(outcome.result());
                    return;
                  }
                  if (outcome.failed()) {
                    breakOff(StoreFailures.toProblem(store(), outcome.cause()));
                  }
                  settle(message, outcome);
                }));
  }

  private long keepAll() throws IOException {
    long bytes = resumable().keep(true);
    inspection.leave();
    return bytes;
  }

  private ResumableWriter resumable() throws IOException {
    if (writer instanceof ResumableWriter resumable) {
      return resumable;
    }
    throw new IOException("nobody can go on with a blob that takes one request");
  }

  private void finish(io.vertx.core.eventbus.Message<Message> message) {
    isFinishing = true;
    Future<Message> finished =
        isClosed
            ? Future.failedFuture(new ProblemException(reason))
            : (isPart() ? finishPart() : finishWhole()).map(written -> written);
    finished.onComplete(outcome -> context.runOnContext(later -> settle(message, outcome)));
  }

  /** Whether other requests must bring the rest of the blob. */
  private boolean isPart() {
    return request.resumption().map(turn -> isPart(turn.kind())).orElse(false);
  }

  private boolean isPart(Message.TurnKind kind) {
    return switch (kind) {
      case AT_LENGTH ->
          receivedBytes < request.constraints().expectedBytes().orElse(Long.MAX_VALUE);
      case MORE, PART -> true;
      case LAST, PART_END -> false;
    };
  }

  private Future<Message.Written> finishPart() {
    return inspection
        .finishPart()
        .compose(sound -> onDisk(this::keepAll))
        .map(bytes -> new Message.Written(bytes, Optional.empty(), Optional.empty()));
  }

  private Future<Message.Written> finishWhole() {
    if (request.constraints().expectedBytes().orElse(receivedBytes) != receivedBytes) {
      return Future.failedFuture(new ProblemException(wrongSize()));
    }
    return inspection.finish(receivedBytes).compose(written -> onDisk(() -> commit(written)));
  }

  private Message.Written commit(Message.Written written) throws IOException {
    writer.commit();
    inspection.leave();
    return written;
  }

  private <T> Future<T> onDisk(Callable<T> step) {
    var outcome = Promise.<T>promise();
    disk.run(
        () -> {
          try {
            outcome.complete(step.call());
          } catch (Exception failure) {
            outcome.fail(failure);
          }
        });
    return outcome.future();
  }

  private void settle(
      io.vertx.core.eventbus.Message<Message> message, AsyncResult<Message> outcome) {
    if (outcome.succeeded() && !isClosed) {
      close();
      ended.tryComplete();
      message.reply(outcome.result());
      return;
    }
    var problem =
        outcome.succeeded()
            ? reason
            : StoreFailures.toProblem(request.blob().store(), outcome.cause());
    // The reply waits until nothing is left of the blob.
    disk.run(
        () -> {
          giveUp();
          var reply = ProblemCodec.toReply(new ProblemException(problem));
          message.fail(reply.failureCode(), reply.getMessage());
        });
    close();
  }

  private void giveUp() {
    writer.abort();
    inspection.leave();
    ended.tryComplete();
  }

  private void onTick() {
    boolean isSilent = link.idle().isOverdue(lastHeardNanos);
    if (isSilent && !isFinishing) {
      abort();
    }
  }

  private void abort() {
    free();
    close();
  }

  private void free() {
    if (!isClosed) {
      isClosed = true;
      onClosed.run();
      disk.run(this::giveUp);
    }
  }

  private void close() {
    link.close(endWatch);
    if (!isClosed) {
      isClosed = true;
      onClosed.run();
    }
  }

  private Problem wrongSize() {
    return new Problem.Invalid(
        "The size of the data does not match the declared size of %d bytes."
            .formatted(request.constraints().expectedBytes().orElse(0L)));
  }
}
