package io.vitrine.store.rbd;

import io.vitrine.store.blob.BlobReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Reads a snapshot in blocks, because each call to the cluster is expensive. */
final class RbdBlobReader implements BlobReader {
  private static final int BLOCK_BYTES = 1 << 20;

  private final RbdImage image;
  private final long sizeBytes;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment block;
  private long blockAt;
  private int blockBytes;

  RbdBlobReader(RbdImage image, long sizeBytes) {
    this.image = image;
    this.sizeBytes = sizeBytes;
    this.block = arena.allocate(BLOCK_BYTES);
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public int read(ByteBuffer target, long position) throws CephException {
    if (position >= sizeBytes) {
      return -1;
    }
    if (position < blockAt || position >= blockAt + blockBytes) {
      fetch(position, target.remaining());
    }
    int offset = Math.toIntExact(position - blockAt);
    int count = Math.min(target.remaining(), blockBytes - offset);
    target.put(block.asSlice(offset, count).asByteBuffer());
    return count;
  }

  /** Reads a whole block only if the reads seem sequential. */
  private void fetch(long position, int wantedBytes) throws CephException {
    boolean isSequence = position == blockAt + blockBytes && blockBytes > 0;
    int count = isSequence ? BLOCK_BYTES : Math.min(BLOCK_BYTES, wantedBytes);
    blockBytes = 0;
    blockBytes = image.read(position, block.asSlice(0, count));
    blockAt = position;
  }

  @Override
  public void close() throws CephException {
    try (arena) {
      image.close();
    }
  }
}
