package io.vitrine.store.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * Writes through the page cache. It starts write-back while data still arrives, and waits for a
 * disk that does not keep up, so the final flush is short.
 */
final class CachedOutput implements FileOutput {
  private static final long EARLY_FLUSH_BYTES = 8 << 20;

  /** As many more may be in the flush that runs. */
  private static final long MOST_UNFLUSHED_BYTES = 64 << 20;

  private final FileChannel channel;
  private final boolean isFlushed;
  private final Executor flushers;
  private CompletableFuture<Void> flushing = CompletableFuture.completedFuture(null);
  private long unflushedBytes;

  CachedOutput(FileChannel channel, boolean isFlushed, Executor flushers) {
    this.channel = channel;
    this.isFlushed = isFlushed;
    this.flushers = flushers;
  }

  @Override
  public void write(ByteBuffer... data) throws IOException {
    long size = Arrays.stream(data).mapToLong(ByteBuffer::remaining).sum();
    for (long left = size; left > 0; ) {
      left -= channel.write(data);
    }
    wrote(size);
  }

  private void wrote(long bytes) throws IOException {
    unflushedBytes += bytes;
    boolean isDue =
        unflushedBytes >= (flushing.isDone() ? EARLY_FLUSH_BYTES : MOST_UNFLUSHED_BYTES);
    if (isFlushed && isDue) {
      awaitFlushing();
      unflushedBytes = 0;
      flushing = CompletableFuture.runAsync(this::flush, flushers);
    }
  }

  private void flush() {
    try {
      channel.force(false);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Linux reports a write-back error only once, so an early one must not be lost. */
  private void awaitFlushing() throws IOException {
    try {
      flushing.join();
    } catch (CompletionException failure) {
      throw failure.getCause() instanceof UncheckedIOException wrapped
          ? wrapped.getCause()
          : new IOException(failure);
    }
  }

  /** Skips zero bytes, which leaves a hole; the last bytes of a file must be written. */
  void skip(int bytes) throws IOException {
    channel.position(channel.position() + bytes);
  }

  /** The position of the next byte. */
  long position() throws IOException {
    return channel.position();
  }

  @Override
  public boolean isReadable() {
    return true;
  }

  @Override
  public void finish() throws IOException {
    if (isFlushed) {
      awaitFlushing();
      channel.force(false);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
