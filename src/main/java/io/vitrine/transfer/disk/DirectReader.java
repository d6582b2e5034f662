package io.vitrine.transfer.disk;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Reads a file past the page cache, which is thus left to files that are read more than once.
 * Blocks; for one thread at a time.
 */
public final class DirectReader implements Closeable {
  /** The size of a read, in bytes. */
  public static final int BLOCK_BYTES = 1 << 20;

  private final FileChannel channel;
  private final Arena memory = Arena.ofShared();
  private final ByteBuffer block =
      memory.allocate(BLOCK_BYTES, DirectAccess.ALIGNMENT).asByteBuffer();

  private DirectReader(FileChannel channel) {
    this.channel = channel;
  }

  /** Opens a file; empty if that is not supported. */
  public static Optional<DirectReader> open(Path file) {
    return DirectAccess.open(file, StandardOpenOption.READ).map(DirectReader::new);
  }

  /**
   * Reads a block, or less at the end of the file; the buffer is valid until the next read. May
   * fail even though the file opened: some file systems accept O_DIRECT and then refuse reads.
   *
   * @param position a multiple of {@link DirectAccess#ALIGNMENT}
   */
  public ByteBuffer read(long position) throws IOException {
    channel.read(block.clear(), position);
    return block.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
    memory.close();
  }
}
