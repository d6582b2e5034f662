package io.vitrine.format.raw;

import io.vitrine.format.block.BlockTarget;
import io.vitrine.format.block.TargetFile;
import io.vitrine.format.block.Zeros;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;

/** A file that becomes a disk. Blocks of zeros become holes of the file. */
public final class RawTarget implements BlockTarget {
  /** The smallest hole, and what holes are aligned to: as QEMU has it, and most file systems. */
  private static final int BLOCK_BYTES = 4096;

  private final TargetFile file;
  private final long sizeBytes;

  private RawTarget(TargetFile file, long sizeBytes) {
    this.file = file;
    this.sizeBytes = sizeBytes;
  }

  /**
   * Creates a file, or empties an existing one.
   *
   * @param sizeBytes of the disk, which becomes the file's length
   */
  public static RawTarget create(Path path, long sizeBytes) throws IOException {
    return new RawTarget(TargetFile.create(path), sizeBytes);
  }

  @Override
  public int unitBytes() {
    return 1;
  }

  @Override
  public boolean isOrdered() {
    return false;
  }

  @Override
  public PreparedUnit prepare(long offset, ByteBuffer data) {
    Objects.checkFromIndexSize(offset, data.remaining(), sizeBytes);
    var unit = data.slice();
    return () -> writeData(offset, unit);
  }

  /** Writes what lies between blocks of zeros. */
  private void writeData(long offset, ByteBuffer data) throws IOException {
    int length = data.limit();
    int start = 0;
    int end;
    for (int at = 0; at < length; at = end) {
      end = (int) Math.min(length, at + BLOCK_BYTES - (offset + at) % BLOCK_BYTES);
      if (Zeros.areAll(data.slice(at, end - at))) {
        file.write(offset + start, data.slice(start, at - start));
        start = end;
      }
    }
    file.write(offset + start, data.slice(start, length - start));
  }

  @Override
  public void finish() throws IOException {
    file.setLength(sizeBytes);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
