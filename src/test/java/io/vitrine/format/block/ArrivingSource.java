package io.vitrine.format.block;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** A file in memory that arrives as a test has it. */
public final class ArrivingSource implements ByteSource {
  private final byte[] content;
  private final boolean isSizeKnown;
  private int arrived;
  private boolean hasEnded;
  private boolean isClosed;

  /** The byte behind the last that anybody waits for. */
  private long waitedFor;

  private ArrivingSource(byte[] content, boolean isSizeKnown) {
    this.content = content;
    this.isSizeKnown = isSizeKnown;
  }

  /** A file of which nothing arrived and whose length is told only by its end. */
  public static ArrivingSource of(byte[] content) {
    return new ArrivingSource(content, false);
  }

  /** A file of which nothing arrived, but whose length was announced. */
  public static ArrivingSource ofKnownSize(byte[] content) {
    return new ArrivingSource(content, true);
  }

  /** A file that is complete. */
  public static ArrivingSource complete(byte[] content) {
    return new ArrivingSource(content, true).feed(content.length).end();
  }

  /** Lets more bytes arrive. */
  public synchronized ArrivingSource feed(int count) {
    arrived = Math.min(content.length, arrived + count);
    notifyAll();
    return this;
  }

  /** Ends the file with what has arrived. */
  public synchronized ArrivingSource end() {
    hasEnded = true;
    notifyAll();
    return this;
  }

  /** Waits until somebody waits for bytes before an offset that have not arrived. */
  public synchronized void awaitReaderOf(long end) throws InterruptedException {
    while (waitedFor < end) {
      wait();
    }
  }

  /** Whether anybody ever waited, be it for bytes or for the length. */
  public synchronized boolean wasWaitedFor() {
    return waitedFor > 0;
  }

  /** Whether it was closed. */
  public synchronized boolean isClosed() {
    return isClosed;
  }

  @Override
  public synchronized void read(long offset, ByteBuffer target) throws IOException {
    long end = offset + target.remaining();
    await(end, () -> end <= arrived || hasEnded);
    if (offset < 0 || end > arrived) {
      throw InvalidImageException.cutOff(end, arrived);
    }
    target.put(content, (int) offset, target.remaining());
  }

  @Override
  public synchronized long sizeBytes() throws IOException {
    await(Long.MAX_VALUE, () -> hasEnded || isSizeKnown);
    return hasEnded ? arrived : content.length;
  }

  private synchronized void await(long end, BooleanSupplier hasArrived) throws IOException {
    if (!hasArrived.getAsBoolean()) {
      waitedFor = Math.max(waitedFor, end);
      notifyAll();
    }
    try {
      while (!hasArrived.getAsBoolean()) {
        wait();
      }
    } catch (InterruptedException interrupt) {
      throw (IOException) new InterruptedIOException().initCause(interrupt);
    }
  }

  /** The bytes of the whole file. */
  public byte[] content() {
    return Arrays.copyOf(content, content.length);
  }

  @Override
  public synchronized void close() {
    isClosed = true;
  }
}
