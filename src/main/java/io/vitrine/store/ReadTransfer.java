package io.vitrine.store;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.problem.Problem;
import io.vitrine.transfer.bus.Message;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Sends a blob or a range of it, chunk by chunk, as far as the receiver grants credit.
 *
 * <p>Its fields belong to the verticle's context; the steps on the disk touch only the reader.
 */
final class ReadTransfer {
  /** The opened blob and the range to send. */
  record Opened(BlobReader reader, ByteRange range) {}

  private final Vertx vertx;
  private final Context context;
  private final Message.ReadRequest request;
  private final BlobReader reader;
  private final Consumer<ReadTransfer> onClose;
  private final SerialExecutor disk;
  private final int chunkBytes;
  private final Duration idleTimeout;
  private final MessageConsumer<Message> consumer;
  private final long end;
  private final long timer;

  private long position;
  private long credit;
  private long lastHeardNanos = System.nanoTime();
  private long readingSinceNanos;
  private boolean isReading;
  private boolean isClosed;

  ReadTransfer(
      Vertx vertx,
      Message.ReadRequest request,
      Opened opened,
      SerialExecutor disk,
      int chunkBytes,
      Duration idleTimeout,
      MessageConsumer<Message> consumer,
      Consumer<ReadTransfer> onClose) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.request = request;
    this.reader = opened.reader();
    this.onClose = onClose;
    this.disk = disk;
    this.chunkBytes = chunkBytes;
    this.idleTimeout = idleTimeout;
    this.position = opened.range().offset();
    this.end = position + opened.range().length();
    this.consumer = consumer.handler(message -> onMessage(message.body()));
    this.timer = vertx.setPeriodic(Math.max(1, idleTimeout.toMillis() / 4), tick -> onTick());
  }

  private void onMessage(Message message) {
    lastHeardNanos = System.nanoTime();
    switch (message) {
      case Message.Credit(int bytes) -> {
        credit += bytes;
        pump();
      }
      case Message.Abort() -> close();
      default -> {}
    }
  }

  private void pump() {
    if (isClosed || isReading || credit <= 0) {
      return;
    }
    if (position >= end) {
      close();
      vertx.eventBus().send(request.receiver(), new Message.Finish());
      return;
    }
    isReading = true;
    readingSinceNanos = System.nanoTime();
    long from = position;
    int length = (int) Math.min(chunkBytes, end - from);
    disk.run(() -> read(from, length));
  }

  private void read(long from, int length) {
    try {
      var data = ByteBuffer.allocate(length);
      while (data.hasRemaining()) {
        if (reader.read(data, from + data.position()) < 0) {
          throw new EOFException("the blob is shorter than it was");
        }
      }
      context.runOnContext(later -> onRead(Buffer.buffer(data.array())));
    } catch (IOException | RuntimeException failure) {
      var problem = StoreFailures.toProblem(request.part().blob().store(), failure);
      context.runOnContext(later -> breakOff(problem));
    }
  }

  private void onRead(Buffer data) {
    isReading = false;
    if (!isClosed) {
      position += data.length();
      credit -= data.length();
      vertx.eventBus().send(request.receiver(), new Message.Chunk(data));
      pump();
    }
  }

  private void onTick() {
    if (System.nanoTime() - lastHeardNanos > idleTimeout.toNanos()) {
      close();
    } else if (isReading && System.nanoTime() - readingSinceNanos > idleTimeout.toNanos()) {
      breakOff(new Problem.Unavailable("The store does not answer; try again later."));
    } else {
      vertx.eventBus().send(request.receiver(), new Message.Alive());
    }
  }

  /** Gives up and tells the receiver why. */
  void breakOff(Problem problem) {
    if (!isClosed) {
      close();
      vertx.eventBus().send(request.receiver(), new Message.Broken(problem));
    }
  }

  private void close() {
    if (!isClosed) {
      isClosed = true;
      onClose.accept(this);
      vertx.cancelTimer(timer);
      consumer.unregister();
      disk.run(this::closeReader);
    }
  }

  private void closeReader() {
    StoreFailures.close(request.part().blob().store(), reader);
  }
}
