package io.vitrine.store.rbd;

import io.vitrine.image.location.BlobRef;
import io.vitrine.store.blob.BlobWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a block of native memory and writes it, without zeros if the store is thin. An image of
 * unknown size grows ahead of the data in doubling steps and is trimmed at the end.
 *
 * <p>Synchronised, because the blob may be deleted meanwhile.
 */
final class RbdBlobWriter implements BlobWriter {
  private static final Logger log = LoggerFactory.getLogger(RbdBlobWriter.class);
  private static final long LARGEST_BLOCK_BYTES = 4 << 20;
  private static final long LARGEST_STEP_BYTES = 8L << 30;
  private static final int GRAIN_BYTES = 64 << 10;
  private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[GRAIN_BYTES]);

  private final RbdBlobStore store;
  private final BlobRef blob;
  private final RbdImage image;
  private final RbdConfig config;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;
  private final ByteBuffer block;
  private long imageBytes;
  private long stepBytes;
  private long writtenBytes;
  private boolean isOpen = true;

  RbdBlobWriter(RbdBlobStore store, BlobRef blob, RbdImage image, long imageBytes) {
    this.store = store;
    this.blob = blob;
    this.image = image;
    this.config = store.config();
    this.imageBytes = imageBytes;
    this.stepBytes = config.objectSize().bytes();
    this.memory = arena.allocate(Math.min(LARGEST_BLOCK_BYTES, config.objectSize().bytes()));
    this.block = memory.asByteBuffer();
  }

  @Override
  public synchronized void write(ByteBuffer... data) throws IOException {
    requireOpen();
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

  private void requireOpen() throws IOException {
    if (!isOpen) {
      throw new IOException("the blob was committed, aborted or deleted");
    }
  }

  private void writeBlock() throws IOException {
    int size = block.position();
    grow(writtenBytes + size);
    if (config.thinProvisioning()) {
      writeRuns(size);
    } else if (size > 0) {
      image.write(writtenBytes, memory.asSlice(0, size));
    }
    writtenBytes += size;
    block.clear();
  }

  private void grow(long neededBytes) throws CephException {
    if (neededBytes > imageBytes) {
      long larger = Math.max(neededBytes, imageBytes + stepBytes);
      stepBytes = Math.min(stepBytes * 2, LARGEST_STEP_BYTES);
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

  @Override
  public synchronized void commit() throws IOException {
    requireOpen();
    try {
      writeBlock();
      if (imageBytes != writtenBytes) {
        image.resize(writtenBytes);
      }
      image.flush();
      image.snapshot(RbdBlobStore.SNAPSHOT);
      image.protect(RbdBlobStore.SNAPSHOT);
      release();
    } catch (IOException failure) {
      abort();
      throw failure;
    }
  }

  @Override
  public synchronized void abort() {
    release();
    store.giveUp(blob);
  }

  /** Closes the image, so that it can be removed. */
  synchronized void release() {
    if (isOpen) {
      isOpen = false;
      store.forget(blob);
      try (arena) {
        image.close();
      } catch (CephException failure) {
        log.atWarn()
            .addKeyValue("blob_id", blob.id())
            .setCause(failure)
            .log("Cannot close a blob after writing it");
      }
    }
  }
}
