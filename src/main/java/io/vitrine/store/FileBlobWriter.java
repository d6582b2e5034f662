package io.vitrine.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file on its way in. A commit flushes it, renames it, and flushes its folder. What a commit has
 * to flush is little, because the disk gets to work while data still arrives.
 */
final class FileBlobWriter implements BlobWriter {
  private static final Logger log = LoggerFactory.getLogger(FileBlobWriter.class);
  private static final long EARLY_FLUSH_BYTES = 32 << 20;

  /** Zeros are looked for in pieces of this size, at multiples of it. */
  private static final int HOLE_BYTES = 64 << 10;

  private static final ByteBuffer ZEROS = ByteBuffer.allocate(HOLE_BYTES).asReadOnlyBuffer();

  private final Path file;
  private final Path part;
  private final FileChannel channel;
  private final FileLayout layout;
  private final Executor flushers;
  private CompletableFuture<Void> flushing = CompletableFuture.completedFuture(null);
  private long unflushedBytes;
  private long sizeBytes;

  private FileBlobWriter(
      Path file, Path part, FileChannel channel, FileLayout layout, Executor flushers) {
    this.file = file;
    this.part = part;
    this.channel = channel;
    this.layout = layout;
    this.flushers = flushers;
  }

  /** Begins a file under its preliminary name, which nobody else may have. */
  static FileBlobWriter begin(Path file, Path part, FileLayout layout, Executor flushers)
      throws IOException {
    var channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    var writer = new FileBlobWriter(file, part, channel, layout, flushers);
    if (layout.permissions().isPresent()) {
      try {
        Files.setPosixFilePermissions(part, layout.permissions().get());
      } catch (IOException | RuntimeException failure) {
        writer.abort();
        throw failure;
      }
    }
    return writer;
  }

  @Override
  public void write(ByteBuffer... data) throws IOException {
    long size = Arrays.stream(data).mapToLong(ByteBuffer::remaining).sum();
    if (layout.isThin()) {
      for (var buffer : data) {
        writeThin(buffer);
      }
    } else {
      for (long left = size; left > 0; ) {
        left -= channel.write(data);
      }
    }
    sizeBytes += size;
    unflushedBytes += size;
    if (layout.isFlushed() && unflushedBytes >= EARLY_FLUSH_BYTES && flushing.isDone()) {
      awaitFlushing();
      unflushedBytes = 0;
      flushing = CompletableFuture.runAsync(this::flush, flushers);
    }
  }

  private void writeThin(ByteBuffer data) throws IOException {
    while (data.hasRemaining()) {
      int toBoundary = HOLE_BYTES - (int) (channel.position() % HOLE_BYTES);
      int length = Math.min(toBoundary, data.remaining());
      var piece = data.slice(data.position(), length);
      data.position(data.position() + length);
      if (piece.mismatch(ZEROS.slice(0, length)) < 0) {
        channel.position(channel.position() + length);
      } else {
        while (piece.hasRemaining()) {
          channel.write(piece);
        }
      }
    }
  }

  private void flush() {
    try {
      channel.force(false);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Linux reports a failure to write back only once, so an early one must not be lost. */
  private void awaitFlushing() throws IOException {
    try {
      flushing.join();
    } catch (CompletionException failure) {
      throw failure.getCause() instanceof UncheckedIOException wrapped
          ? wrapped.getCause()
          : new IOException(failure);
    }
  }

  @Override
  public void commit() throws IOException {
    try (channel) {
      if (layout.isThin() && channel.size() < sizeBytes) {
        // A hole at the end is not there yet.
        try (var whole = new RandomAccessFile(part.toFile(), "rw")) {
          whole.setLength(sizeBytes);
        }
      }
      if (layout.isFlushed()) {
        awaitFlushing();
        channel.force(false);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      if (layout.isFlushed()) {
        flushDirectory(Objects.requireNonNull(file.getParent()));
      }
    } catch (IOException failure) {
      abort();
      throw failure;
    }
  }

  static void flushDirectory(Path directory) throws IOException {
    try (var entry = FileChannel.open(directory, StandardOpenOption.READ)) {
      entry.force(true);
    }
  }

  @Override
  public void abort() {
    try (channel) {
      Files.deleteIfExists(part);
      Files.deleteIfExists(file);
    } catch (IOException failure) {
      log.warn(
          "A blob that was given up stays until the next garbage collection: {}",
          file.getFileName(),
          failure);
    }
  }
}
