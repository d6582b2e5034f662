package io.vitrine.store.swift;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** A small bounded queue of bytes between the thread that writes and the one that sends. */
@SuppressWarnings("ReferenceEquality") // what marks the end is told from data by identity
final class HandoverStream extends InputStream {
  private static final int PIECES = 8;
  private static final ByteBuffer END = ByteBuffer.allocate(0);
  private static final ByteBuffer BROKEN = ByteBuffer.allocate(0);

  private final BlockingQueue<ByteBuffer> pieces = new ArrayBlockingQueue<>(PIECES);
  private final Duration timeout;
  private ByteBuffer piece = ByteBuffer.allocate(0);

  HandoverStream(Duration timeout) {
    this.timeout = timeout;
  }

  /** Adds a buffer; false if the queue stays full until the timeout. */
  boolean put(ByteBuffer added) throws InterruptedIOException {
    try {
      return pieces.offer(added, timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the object store takes data");
    }
  }

  /** Marks the end; false if the queue stays full until the timeout. */
  boolean end() throws InterruptedIOException {
    return put(END);
  }

  /** Makes the reader fail at once. */
  void breakOff() {
    do {
      pieces.clear();
    } while (!pieces.offer(BROKEN));
  }

  @Override
  public int read() throws IOException {
    return await() ? piece.get() & 0xFF : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!await()) {
      return -1;
    }
    int count = Math.min(length, piece.remaining());
    piece.get(target, offset, count);
    return count;
  }

  /** Waits for bytes; false at the end. */
  private boolean await() throws IOException {
    if (piece == END) {
      return false;
    }
    while (!piece.hasRemaining()) {
      try {
        piece = pieces.take();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while data is awaited");
      }
      if (piece == BROKEN) {
        throw new IOException("the segment is given up");
      }
      if (piece == END) {
        return false;
      }
    }
    return true;
  }
}
