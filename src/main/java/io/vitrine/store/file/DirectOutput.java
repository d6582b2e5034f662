package io.vitrine.store.file;

import io.vitrine.transfer.disk.DirectAccess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Writes large blocks past the page cache, which is thus left to files that are read. The last
 * bytes, which do not fill a block, go through the cache.
 */
final class DirectOutput implements FileOutput {
  private final FileChannel direct;
  private final FileChannel cached;
  private final DirectBlocks blocks;
  private final ByteBuffer block;
  private FileChannel target;

  /** Whether direct I/O may still turn out to be refused. */
  private boolean isUntried = true;

  private DirectOutput(
      FileChannel direct, FileChannel cached, DirectBlocks blocks, ByteBuffer block) {
    this.direct = direct;
    this.cached = cached;
    this.blocks = blocks;
    this.block = block;
    this.target = direct;
  }

  /**
   * Empty if no block is free or the file system does not support direct I/O.
   *
   * @param cached a channel of the same file, at its end, a multiple of {@link
   *     DirectAccess#ALIGNMENT}; closed with the result
   */
  static Optional<FileOutput> open(Path file, FileChannel cached, DirectBlocks blocks)
      throws IOException {
    long end = cached.position();
    var block = blocks.take();
    var direct = block.flatMap(free -> DirectAccess.open(file, StandardOpenOption.WRITE));
    if (direct.isEmpty()) {
      block.ifPresent(blocks::giveBack);
      return Optional.empty();
    }
    var channel = direct.get().position(end);
    return Optional.of(new DirectOutput(channel, cached, blocks, block.get()));
  }

  @Override
  public void write(ByteBuffer... data) throws IOException {
    if (!direct.isOpen()) {
      throw new ClosedChannelException(); // the block may be someone else's by now
    }
    for (var buffer : data) {
      while (buffer.hasRemaining()) {
        int length = Math.min(buffer.remaining(), block.remaining());
        block.put(buffer.slice(buffer.position(), length));
        buffer.position(buffer.position() + length);
        if (!block.hasRemaining()) {
          writeBlock();
        }
      }
    }
  }

  @Override
  public long heldBytes() {
    return direct.isOpen() ? block.position() : 0;
  }

  @Override
  public long sync() throws IOException {
    cached.force(false);
    return block.position();
  }

  private void writeBlock() throws IOException {
    block.flip();
    try {
      writeAll();
    } catch (IOException failure) {
      // Some file systems accept O_DIRECT but require another alignment.
      if (!isUntried) {
        throw failure;
      }
      target = cached;
      block.rewind();
      writeAll();
    }
    isUntried = false;
    block.clear();
  }

  private void writeAll() throws IOException {
    while (block.hasRemaining()) {
      target.write(block);
    }
  }

  @Override
  public void finish() throws IOException {
    cached.position(target.position());
    target = cached;
    isUntried = false;
    writeBlock();
    cached.force(false);
  }

  @Override
  public void close() throws IOException {
    if (direct.isOpen()) {
      blocks.giveBack(block);
    }
    try (cached) {
      direct.close();
    }
  }
}
