package io.vitrine.store;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vitrine.image.location.ByteRange;
import io.vitrine.image.problem.Problem;
import io.vitrine.store.blob.BlobReader;
import io.vitrine.store.blob.StoreFailures;
import io.vitrine.transfer.bus.Message;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Sends a blob or a range of it, chunk by chunk, as far as the receiver grants credit.
 *
 * <p>Its fields belong to the verticle's context; the steps on the disk touch only the reader.
 */
final class ReadTransfer {
  /**
   * The opened blob and what to send of it.
   *
   * @param store the store's id
   * @param disk runs the reads in order
   */
  record Opened(String store, BlobReader reader, ByteRange range, SerialExecutor disk) {}

  private final TransferLink link;
  private final Context context;
  private final Opened opened;
  private final int chunkBytes;
  private final Consumer<ReadTransfer> onClose;
  private final long end;
  private final Runnable endWatch;

  private long position;
  private long credit;
  private long lastHeardNanos;
  private long readingSinceNanos;
  private boolean isReading;
  private boolean isClosed;

  ReadTransfer(TransferLink link, Opened opened, int chunkBytes, Consumer<ReadTransfer> onClose) {
    this.link = link;
    this.context = link.vertx().getOrCreateContext();
    this.opened = opened;
    this.chunkBytes = chunkBytes;
    this.onClose = onClose;
    this.position = opened.range().offset();
    this.end = opened.range().end();
    link.consumer().handler(message -> onMessage(message.body()));
    this.lastHeardNanos = link.idle().nowNanos();
    this.endWatch = link.idle().watch(this::onTick);
  }

  private void onMessage(Message message) {
    lastHeardNanos = link.idle().nowNanos();
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
      link.send(new Message.Finish());
      return;
    }
    isReading = true;
    readingSinceNanos = link.idle().nowNanos();
    long from = position;
    int length = (int) Math.min(chunkBytes, end - from);
    opened.disk().run(() -> read(from, length));
  }

  private void read(long from, int length) {
    try {
      var data = ByteBuffer.allocate(length);
      while (data.hasRemaining()) {
        if (opened.reader().read(data, from + data.position()) < 0) {
          throw new EOFException("the blob is shorter than it was");
        }
      }
      context.runOnContext(later -> onRead(Buffer.buffer(data.array())));
    } catch (IOException | RuntimeException failure) {
      var problem = StoreFailures.toProblem(opened.store(), failure);
      context.runOnContext(later -> breakOff(problem));
    }
  }

  private void onRead(Buffer data) {
    isReading = false;
    if (!isClosed) {
      position += data.length();
      credit -= data.length();
      link.send(new Message.Chunk(data));
      pump();
    }
  }

  private void onTick() {
    if (link.idle().isOverdue(lastHeardNanos)) {
      close();
    } else if (isReading && link.idle().isOverdue(readingSinceNanos)) {
      breakOff(new Problem.Unavailable("The store does not answer; try again later."));
    } else {
      link.send(new Message.Alive());
    }
  }

  /** Gives up and tells the receiver why. */
  void breakOff(Problem problem) {
    if (!isClosed) {
      close();
      link.send(new Message.Broken(problem));
    }
  }

  private void close() {
    if (!isClosed) {
      isClosed = true;
      onClose.accept(this);
      link.close(endWatch);
      opened.disk().run(this::closeReader);
    }
  }

  private void closeReader() {
    StoreFailures.close(opened.store(), opened.reader());
  }
}
