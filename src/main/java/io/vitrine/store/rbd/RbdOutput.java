package io.vitrine.store.rbd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Fills a block of native memory and writes it, without zeros if the store is thin. An image that
 * is too small grows ahead of the data in doubling steps and is trimmed at the end. For one thread
 * at a time.
 */
final class RbdOutput implements AutoCloseable {
  private static final long LARGEST_BLOCK_BYTES = 4 << 20;
  private static final long LARGEST_STEP_BYTES = 8L << 30;
  private static final int GRAIN_BYTES = 64 << 10;
  private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[GRAIN_BYTES]);

  private final RbdImage image;
  private final RbdConfig config;
  private final Guard guard;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;
  private final ByteBuffer block;
  private long imageBytes;
  private long stepBytes;
  private long writtenBytes;

  /** Fails before the image is changed if that must not be. */
  interface Guard {
    /**
     * Called before a change.
     *
     * @param isResize whether the image gets another size
     */
    void require(boolean isResize) throws CephException;
  }

  /** Writes to an image of some size from its beginning. */
  RbdOutput(RbdImage image, RbdConfig config, long imageBytes) {
    this(image, config, isResize -> {});
    this.imageBytes = imageBytes;
  }

  /** Writes to an image whose size is not known yet. */
  RbdOutput(RbdImage image, RbdConfig config, Guard guard) {
    this.image = image;
    this.config = config;
    this.guard = guard;
    this.stepBytes = config.objectSize().bytes();
    this.memory = arena.allocate(Math.min(LARGEST_BLOCK_BYTES, config.objectSize().bytes()));
    this.block = memory.asByteBuffer();
  }

  /** Goes on at the end of an image, which is cut off there; before anything is written. */
  void goOnAt(long position) throws CephException {
    if (image.sizeBytes() > position) {
      image.resize(position);
    }
    imageBytes = position;
    writtenBytes = position;
    align();
  }

  /** Makes blocks end at multiples of their size. */
  private void align() {
    block.clear().limit((int) (memory.byteSize() - writtenBytes % memory.byteSize()));
  }

  /** Takes all remaining bytes. */
  void write(ByteBuffer... data) throws CephException {
    for (var piece : data) {
      while (piece.hasRemaining()) {
        int count = Math.min(piece.remaining(), block.remaining());
        block.put(piece.slice().limit(count));
        piece.position(piece.position() + count);
        if (!block.hasRemaining()) {
          writeBlock();
        }
      }
    }
  }

  /** Writes what is in the block; answers how many bytes have been written in all. */
  long writeBlock() throws CephException {
    int size = block.position();
    if (size > 0) {
      guard.require(false);
      grow(writtenBytes + size);
      if (config.thinProvisioning()) {
        writeRuns(size);
      } else {
        image.write(writtenBytes, memory.asSlice(0, size));
      }
      writtenBytes += size;
      align();
    }
    return writtenBytes;
  }

  private void grow(long neededBytes) throws CephException {
    if (neededBytes > imageBytes) {
      long larger = Math.max(neededBytes, imageBytes + stepBytes);
      stepBytes = Math.min(stepBytes * 2, LARGEST_STEP_BYTES);
      guard.require(true);
      image.resize(larger);
      imageBytes = larger;
    }
  }

  /** Writes the data between runs of zeros. */
  private void writeRuns(int size) throws CephException {
    int from = 0;
    for (int grain = 0; grain < size; grain += GRAIN_BYTES) {
      int end = Math.min(size, grain + GRAIN_BYTES);
      if (isZero(grain, end)) {
        writeRun(from, grain);
        from = end;
      }
    }
    writeRun(from, size);
  }

  private void writeRun(int from, int end) throws CephException {
    if (end > from) {
      image.write(writtenBytes + from, memory.asSlice(from, end - from));
    }
  }

  private boolean isZero(int from, int end) {
    return MemorySegment.mismatch(memory, from, end, ZEROS, 0, end - from) < 0;
  }

  /** Writes the rest and gives the image its size; answers that. */
  long finish() throws CephException {
    writeBlock();
    guard.require(true);
    if (imageBytes != writtenBytes) {
      image.resize(writtenBytes);
      imageBytes = writtenBytes;
    }
    image.flush();
    return writtenBytes;
  }

  @Override
  public void close() {
    arena.close();
  }
}
