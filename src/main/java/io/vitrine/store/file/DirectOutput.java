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
 * Writes large blocks past the page cache, which saves a copy and leaves the cache to readers. The
 * last bytes, which do not fill a block, go through the cache.
 */
final class DirectOutput implements FileOutput {
  private final FileChannel direct;
  private final FileChannel cached;
  private final DirectBlocks blocks;
  private final ByteBuffer block;
  private FileChannel target;

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
   * @param cached the channel of the same, empty file; closed with the result
   */
  static Optional<FileOutput> open(Path file, FileChannel cached, DirectBlocks blocks) {
    return blocks.take().flatMap(block -> open(file, cached, blocks, block));
  }

  private static Optional<FileOutput> open(
      Path file, FileChannel cached, DirectBlocks blocks, ByteBuffer block) {
    var direct = DirectAccess.open(file, StandardOpenOption.WRITE);
    if (direct.isEmpty()) {
      blocks.giveBack(block);
    }
    return direct.map(channel -> new DirectOutput(channel, cached, blocks, block));
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
      if (direct.position() > 0 || cached.position() > 0) {
        throw failure;
      }
      target = cached;
      block.rewind();
      writeAll();
    }
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
