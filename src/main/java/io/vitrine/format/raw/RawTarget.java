package io.vitrine.format.raw;

import io.vitrine.format.block.BlockTarget;
import io.vitrine.format.block.Zeros;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Objects;

/** A file that becomes a disk. Blocks of zeros become holes of the file. */
public final class RawTarget implements BlockTarget {
  /** The smallest hole, and what holes are aligned to: as QEMU has it, and most file systems. */
  private static final int BLOCK_BYTES = 4096;

  private final RandomAccessFile file;
  private final FileChannel channel;
  private final long sizeBytes;

  private RawTarget(RandomAccessFile file, long sizeBytes) {
    this.file = file;
    this.channel = file.getChannel();
    this.sizeBytes = sizeBytes;
  }

  /**
   * Creates a file, or empties an existing one.
   *
   * @param sizeBytes of the disk, which becomes the file's length
   */
  public static RawTarget create(Path path, long sizeBytes) throws IOException {
    // Only this class can make a file longer without writing to it.
    var file = new RandomAccessFile(path.toFile(), "rw");
    try {
      // Even an empty file that is emptied is written to the disk by ext4 when it is closed.
      if (file.length() > 0) {
        file.setLength(0);
      }
      return new RawTarget(file, sizeBytes);
    } catch (IOException failure) {
      file.close();
      throw failure;
    }
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
        write(offset + start, data.slice(start, at - start));
        start = end;
      }
    }
    write(offset + start, data.slice(start, length - start));
  }

  private void write(long offset, ByteBuffer data) throws IOException {
    for (long at = offset; data.hasRemaining(); ) {
      at += channel.write(data, at);
    }
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
