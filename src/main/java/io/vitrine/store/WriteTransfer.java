package io.vitrine.store;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.transfer.bus.Message;
import io.vitrine.transfer.bus.ProblemCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes one blob: every chunk is written, hashed twice and inspected at the same time, and its
 * credit goes back when all are done with it. It ends with a commit that the sender asks for, or
 * when either side gives up.
 *
 * <p>Its fields belong to the verticle's context; the lanes touch only what is theirs.
 */
final class WriteTransfer {
  private final Vertx vertx;
  private final Context context;
  private final Message.WriteRequest request;
  private final BlobWriter writer;
  private final Window window;
  private final Lane disk;
  private final DataLanes lanes;
  private final Duration idleTimeout;
  private final Runnable onClosed;
  private final MessageConsumer<Message> consumer;
  private final long timer;

  private long receivedBytes;
  private long lastHeardNanos = System.nanoTime();
  private boolean isFinishing;
  private boolean isClosed;
  private Problem reason = new Problem.Gone("The transfer has already ended.");

  WriteTransfer(
      Vertx vertx,
      Message.WriteRequest request,
      BlobWriter writer,
      Window window,
      Lane disk,
      DataLanes lanes,
      Duration idleTimeout,
      MessageConsumer<Message> consumer,
      Runnable onClosed) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.request = request;
    this.writer = writer;
    this.window = window;
    this.disk = disk;
    this.lanes = lanes;
    this.idleTimeout = idleTimeout;
    this.onClosed = onClosed;
    this.consumer = consumer.handler(this::onMessage);
    this.timer = vertx.setPeriodic(Math.max(1, idleTimeout.toMillis() / 4), tick -> onTick());
  }

  /** The id of the store that takes the data. */
  String store() {
    return request.blob().store();
  }

  /**
   * Gives up because of this side, and tells the sender why; also in answer to a {@link
   * Message.Finish} that is already on its way.
   */
  void breakOff(Problem problem) {
    if (!isClosed) {
      reason = problem;
      vertx.eventBus().send(request.sender(), new Message.Broken(problem));
      free();
    }
  }

  private void onMessage(io.vertx.core.eventbus.Message<Message> message) {
    lastHeardNanos = System.nanoTime();
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
    if (receivedBytes > request.maxBytes()) {
      breakOff(
          new Problem.TooLarge(
              "The image is larger than the %d bytes allowed.".formatted(request.maxBytes())));
    } else if (receivedBytes > request.expectedBytes().orElse(Long.MAX_VALUE)) {
      breakOff(wrongSize());
    } else {
      // The one place where a buffer's memory is looked at without a copy; nobody writes to it any
      // more.
      process(((BufferInternal) data).getByteBuf().nioBuffers(), data.length());
    }
  }

  private void process(ByteBuffer[] data, int size) {
    var working = new AtomicInteger(1 + lanes.count());
    Runnable done =
        () -> {
          if (working.decrementAndGet() == 0) {
            context.runOnContext(later -> refund(size));
          }
        };
    disk.run(() -> write(data, done));
    lanes.take(data, done);
  }

  /**
   * Every chunk is answered, also when all of its credit is held back: it shows that this end
   * works.
   */
  private void refund(int size) {
    vertx.eventBus().send(request.sender(), new Message.Credit(window.refund(size)));
  }

  private void write(ByteBuffer[] data, Runnable done) {
    try {
      writer.write(Arrays.stream(data).map(ByteBuffer::duplicate).toArray(ByteBuffer[]::new));
      done.run();
    } catch (IOException | RuntimeException failure) {
      var problem = StoreFailures.toProblem(request.blob().store(), failure);
      context.runOnContext(later -> breakOff(problem));
    }
  }

  private void finish(io.vertx.core.eventbus.Message<Message> message) {
    isFinishing = true;
    Future.fromCompletionStage(outcome().thenCompose(this::commit), context)
        .onComplete(outcome -> settle(message, outcome));
  }

  private CompletableFuture<Message.Written> outcome() {
    if (isClosed) {
      return failed(reason);
    }
    if (request.expectedBytes().orElse(receivedBytes) != receivedBytes) {
      return failed(wrongSize());
    }
    return lanes.finish(receivedBytes);
  }

  private CompletableFuture<Message.Written> commit(Message.Written written) {
    var durable = new CompletableFuture<Message.Written>();
    disk.run(
        () -> {
          try {
            writer.commit();
            durable.complete(written);
          } catch (IOException | RuntimeException failure) {
            durable.completeExceptionally(failure);
          }
        });
    return durable;
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
    // Answered once nothing is left of the blob.
    disk.run(
        () -> {
          writer.abort();
          var reply = ProblemCodec.toReply(new ProblemException(problem));
          message.fail(reply.failureCode(), reply.getMessage());
        });
    close();
  }

  private void onTick() {
    boolean isSilent = System.nanoTime() - lastHeardNanos > idleTimeout.toNanos();
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
    vertx.cancelTimer(timer);
    consumer.unregister();
    if (!isClosed) {
      isClosed = true;
      onClosed.run();
    }
  }

  private Problem wrongSize() {
    return new Problem.Invalid(
        "The size of the data does not match the declared size of %d bytes."
            .formatted(request.expectedBytes().orElse(0L)));
  }

  private static <T> CompletableFuture<T> failed(Problem problem) {
    return CompletableFuture.failedFuture(new ProblemException(problem));
  }
}
