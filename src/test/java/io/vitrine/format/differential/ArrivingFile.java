package io.vitrine.format.differential;

import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.FileSource;
import io.vitrine.format.block.InvalidImageException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file that arrives piece by piece, each when somebody waits for it, or that ends too early. */
final class ArrivingFile implements ByteSource {
  private final FileSource file;
  private long arrived;
  private boolean hasEnded;
  private boolean isAwaited;
  private boolean isClosed;

  private ArrivingFile(FileSource file) {
    this.file = file;
  }

  /** A file of which nothing has arrived. */
  static ArrivingFile open(Path path) throws IOException {
    return new ArrivingFile(FileSource.open(path));
  }

  /** A file that ends early. */
  static ArrivingFile cut(Path path, long sizeBytes) throws IOException {
    var file = open(path);
    file.arrived = sizeBytes;
    file.hasEnded = true;
    return file;
  }

  /** Lets a piece arrive as soon as somebody waits. Whether another one can. */
  synchronized boolean feed(long count) throws InterruptedException {
    while (!isAwaited && !isClosed) {
      wait();
    }
    isAwaited = false;
    arrived = Math.min(file.sizeBytes(), arrived + count);
    hasEnded = arrived == file.sizeBytes();
    notifyAll();
    return !hasEnded && !isClosed;
  }

  long wholeBytes() {
    return file.sizeBytes();
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    requireArrived(offset + target.remaining());
    file.read(offset, target);
  }

  private synchronized void requireArrived(long end) throws IOException {
    await(end);
    if (arrived < end) {
      throw InvalidImageException.cutOff(end, arrived);
    }
  }

  @Override
  public synchronized long sizeBytes() throws IOException {
    await(Long.MAX_VALUE);
    return arrived;
  }

  /** Waits for the bytes before an offset, or for the end. */
  private synchronized void await(long end) throws IOException {
    try {
      while (arrived < end && !hasEnded) {
        isAwaited = true;
        notifyAll();
        wait();
      }
    } catch (InterruptedException interrupt) {
      throw (IOException) new InterruptedIOException().initCause(interrupt);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    isClosed = true;
    notifyAll();
    file.close();
  }
}
