package io.vitrine.importer.blob;

import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.InvalidImageException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file that a store writes, read while it grows. Whoever writes it tells how far; readers, on
 * threads that may block, wait for what is not there yet.
 */
public final class ArrivingBytes implements ByteSource {
  private final FileChannel file;
  private long arrivedBytes;
  private long arrivedNanos = System.nanoTime();
  private boolean isComplete;
  private @Nullable Throwable failure;

  private ArrivingBytes(FileChannel file) {
    this.file = file;
  }

  /** Opens a file of which nothing has arrived; it may be renamed or removed later. Blocks. */
  public static ArrivingBytes open(Path path) throws IOException {
    return new ArrivingBytes(FileChannel.open(path, StandardOpenOption.READ));
  }

  /** Opens a file that is complete. Blocks. */
  public static ArrivingBytes whole(Path path) throws IOException {
    var bytes = open(path);
    bytes.completed(bytes.file.size());
    return bytes;
  }

  /** So many bytes from the start can be read now. */
  public synchronized void arrived(long bytes) {
    arrivedBytes = Math.max(arrivedBytes, bytes);
    arrivedNanos = System.nanoTime();
    notifyAll();
  }

  /** All bytes are there. */
  public synchronized void completed(long size) {
    arrivedBytes = size;
    isComplete = true;
    notifyAll();
  }

  /** The rest will never come: those who wait for it fail. */
  public synchronized void failed(Throwable cause) {
    failure = cause;
    notifyAll();
  }

  /** When the latest bytes came, by {@link System#nanoTime}. */
  public synchronized long arrivedNanos() {
    return arrivedNanos;
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    require(offset, target.remaining());
    for (long at = offset; target.hasRemaining(); ) {
      int count = file.read(target, at);
      if (count < 0) {
        throw new IOException("the file ends at %d, before bytes that had arrived".formatted(at));
      }
      at += count;
    }
  }

  @Override
  public synchronized long sizeBytes() throws IOException {
    await(Long.MAX_VALUE);
    return arrivedBytes;
  }

  private synchronized void require(long offset, int lengthBytes) throws IOException {
    boolean isPossible = offset >= 0 && offset <= Long.MAX_VALUE - lengthBytes;
    long end = isPossible ? offset + lengthBytes : Long.MAX_VALUE;
    await(end);
    if (arrivedBytes < end) {
      throw InvalidImageException.cutOff(end, arrivedBytes);
    }
  }

  /** Waits for these bytes, or for the end of the file. */
  private synchronized void await(long endBytes) throws IOException {
    try {
      while (arrivedBytes < endBytes && !isComplete) {
        if (failure != null) {
          throw new IOException("the rest of the data does not arrive", failure);
        }
        wait();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for data");
    }
  }

  /** The bytes from the first to the last, for one reader that follows them. */
  public ReadableByteChannel inOrder() {
    return new InOrder();
  }

  /** How many bytes after the offset are there: at least one, unless the file ends. */
  private synchronized long awaitAfter(long offset) throws IOException {
    await(offset + 1);
    return arrivedBytes - offset;
  }

  /** Ends all reading, and all waiting. */
  @Override
  public void close() throws IOException {
    failed(new IOException("closed"));
    file.close();
  }

  private final class InOrder implements ReadableByteChannel {
    private long position;

    @Override
    public int read(ByteBuffer target) throws IOException {
      long there = awaitAfter(position);
      if (there <= 0) {
        return -1;
      }
      int count = (int) Math.min(there, target.remaining());
      int limit = target.limit();
      ArrivingBytes.this.read(position, target.limit(target.position() + count));
      target.limit(limit);
      position += count;
      return count;
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() {
      // Others may still read the file.
    }
  }
}
