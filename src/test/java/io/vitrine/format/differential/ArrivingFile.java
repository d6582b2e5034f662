package io.vitrine.format.differential;

import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.FileSource;
import io.vitrine.format.block.InvalidImageException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file that arrives piece by piece and may end too early. */
final class ArrivingFile implements ByteSource {
  private final FileSource file;
  private long arrived;
  private boolean hasEnded;

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

  /** Lets a piece arrive. Whether there is more. */
  synchronized boolean feed(long count) {
    arrived = Math.min(file.sizeBytes(), arrived + count);
    hasEnded = arrived == file.sizeBytes();
    notifyAll();
    return !hasEnded;
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    await(offset + target.remaining());
    file.read(offset, target);
  }

  private synchronized void await(long end) throws IOException {
    while (arrived < end && !hasEnded) {
      pause();
    }
    if (arrived < end) {
      throw InvalidImageException.cutOff(end, arrived);
    }
  }

  @Override
  public synchronized long sizeBytes() throws IOException {
    while (!hasEnded) {
      pause();
    }
    return arrived;
  }

  private void pause() throws IOException {
    try {
      wait();
    } catch (InterruptedException interrupt) {
      throw (IOException) new InterruptedIOException().initCause(interrupt);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
