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
import io.vitrine.store.blob.StoreFailures;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.bus.ProblemCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

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
  record Work(
      BlobWriter writer, SerialExecutor disk, TransferInspection inspection, Window window) {}

  private final TransferLink link;
  private final Context context;
  private final Message.WriteRequest request;
  private final BlobWriter writer;
  private final Window window;
  private final SerialExecutor disk;
  private final TransferInspection inspection;
  private final Runnable onClosed;
  private final Runnable endWatch;

  private long receivedBytes;
  private long lastHeardNanos;
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

  private void onMessage(io.vertx.core.eventbus.Message<Message> message) {
    lastHeardNanos = link.idle().nowNanos();
    switch (message.body()) {
      case Message.Chunk(Buffer data) -> take(data);
      case Message.Finish() -> finish(message);
      case Message.Abort() -> abort();
      default -> {}
    }
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

  private void write(ByteBuffer[] data, Runnable written) {
    try {
      writer.write(Arrays.stream(data).map(ByteBuffer::duplicate).toArray(ByteBuffer[]::new));
      written.run();
    } catch (IOException | RuntimeException failure) {
      var problem = StoreFailures.toProblem(request.blob().store(), failure);
      context.runOnContext(later -> breakOff(problem));
    }
  }

  private void finish(io.vertx.core.eventbus.Message<Message> message) {
    isFinishing = true;
    outcome()
        .compose(this::commit)
        .onComplete(outcome -> context.runOnContext(later -> settle(message, outcome)));
  }

  private Future<Message.Written> outcome() {
    if (isClosed) {
      return Future.failedFuture(new ProblemException(reason));
    }
    if (request.constraints().expectedBytes().orElse(receivedBytes) != receivedBytes) {
      return Future.failedFuture(new ProblemException(wrongSize()));
    }
    return inspection.finish(receivedBytes);
  }

  private Future<Message.Written> commit(Message.Written written) {
    var durable = Promise.<Message.Written>promise();
    disk.run(
        () -> {
          try {
            writer.commit();
            durable.complete(written);
          } catch (IOException | RuntimeException failure) {
            durable.fail(failure);
          }
        });
    return durable.future();
  }

  private void settle(
      io.vertx.core.eventbus.Message<Message> message, AsyncResult<Message.Written> outcome) {
    if (outcome.succeeded() && !isClosed) {
      close();
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
          writer.abort();
          var reply = ProblemCodec.toReply(new ProblemException(problem));
          message.fail(reply.failureCode(), reply.getMessage());
        });
    close();
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
      disk.run(writer::abort);
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
