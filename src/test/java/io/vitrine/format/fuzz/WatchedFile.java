package io.vitrine.format.fuzz;

import io.vitrine.format.block.ByteSource;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.block.Zeros;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SortedMap;
import java.util.function.Consumer;

/** A file of a few parts among zeros, which fails a reader that reads too much or nonsense. */
final class WatchedFile implements ByteSource {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final ByteBuffer ZEROS = ByteBuffer.allocate(CHUNK_BYTES).asReadOnlyBuffer();
  private static final int MAX_READS = 100_000;
  private static final long MAX_READ_BYTES = 1L << 30;

  private final SortedMap<Long, byte[]> parts;
  private final long sizeBytes;
  private int reads;
  private long readBytes;
  private boolean isClosed;

  /** A file with parts by their positions, which do not overlap. */
  WatchedFile(SortedMap<Long, byte[]> parts, long sizeBytes) {
    this.parts = parts;
    this.sizeBytes = sizeBytes;
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    int count = target.remaining();
    readBytes += count;
    if (offset < 0 || ++reads > MAX_READS || readBytes > MAX_READ_BYTES || isClosed) {
      throw new AssertionError(
          "read %d of %d bytes at %d after %d bytes, closed: %s"
              .formatted(reads, count, offset, readBytes, isClosed));
    }
    if (offset > sizeBytes - count) {
      throw InvalidImageException.cutOff(offset + count, sizeBytes);
    }
    fill(offset, target);
  }

  private void fill(long offset, ByteBuffer target) {
    long end = offset + target.remaining();
    var bytes = target.slice();
    Zeros.fill(target);
    parts
        .headMap(end)
        .forEach(
            (position, part) -> {
              long from = Math.max(offset, position);
              int length = (int) (Math.min(end, position + part.length) - from);
              if (length > 0) {
                bytes.put((int) (from - offset), part, (int) (from - position), length);
              }
            });
  }

  /** Gives all of the file in chunks, which does not count as read. */
  void forEachChunk(Consumer<ByteBuffer> consumer) {
    for (long at = 0; at < sizeBytes; ) {
      long from = at;
      int length = (int) Math.min(CHUNK_BYTES, sizeBytes - at);
      boolean isEmpty =
          parts.headMap(at + length).entrySet().stream()
              .allMatch(part -> part.getKey() + part.getValue().length <= from);
      var chunk = isEmpty ? ZEROS.slice(0, length) : ByteBuffer.allocate(length);
      if (!isEmpty) {
        fill(at, chunk);
        chunk.flip();
      }
      consumer.accept(chunk);
      at += length;
    }
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  boolean isClosed() {
    return isClosed;
  }

  @Override
  public void close() {
    isClosed = true;
  }
}
