package io.vitrine.format.mapped;

import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.InvalidImageException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;

/** The bytes of a file that arrive as a test lets them. Reading blocks until they are there. */
public final class FakeArrivingFile implements ByteSource {
  private final byte[] content;
  private int arrived;
  private boolean isEnded;
  private boolean isClosed;

  private FakeArrivingFile(byte[] content) {
    this.content = content;
  }

  /** A file of which nothing has arrived. */
  public static FakeArrivingFile of(byte[] content) {
    return new FakeArrivingFile(content);
  }

  /** A file that is all there. */
  public static FakeArrivingFile complete(byte[] content) {
    return of(content).arriveUntil(content.length).end();
  }

  /** Lets the bytes before a position arrive. */
  public synchronized FakeArrivingFile arriveUntil(int position) {
    arrived = Math.max(arrived, Math.min(position, content.length));
    notifyAll();
    return this;
  }

  /** Ends the file after what has arrived. */
  public synchronized FakeArrivingFile end() {
    isEnded = true;
    notifyAll();
    return this;
  }

  /** Whether it was closed. */
  public synchronized boolean isClosed() {
    return isClosed;
  }

  @Override
  public synchronized void read(long offset, ByteBuffer target) throws IOException {
    long end = Math.addExact(offset, target.remaining());
    await(() -> isEnded || end <= arrived);
    if (end > arrived) {
      throw InvalidImageException.cutOff(end, arrived);
    }
    target.put(content, Math.toIntExact(offset), target.remaining());
  }

  @Override
  public synchronized long sizeBytes() throws IOException {
    await(() -> isEnded);
    return arrived;
  }

  private synchronized void await(BooleanSupplier event) throws IOException {
    try {
      while (!event.getAsBoolean()) {
        wait();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  @Override
  public synchronized void close() {
    isClosed = true;
  }
}
