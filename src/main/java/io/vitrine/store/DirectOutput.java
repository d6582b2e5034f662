package io.vitrine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * Writes large blocks past the system's cache of files, which saves copies and leaves the cache to
 * those who read. What is left at the end and fills no block goes through the cache.
 */
final class DirectOutput implements FileOutput {
  /** Of the module jdk.unsupported, which a Java may lack and which the compiler warns of. */
  private static final Optional<OpenOption> DIRECT = option();

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

  private static Optional<OpenOption> option() {
    try {
      var options = Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants();
      return Arrays.stream(options)
          .filter(option -> option.toString().equals("DIRECT"))
          .map(OpenOption.class::cast)
          .findAny();
    } catch (ClassNotFoundException absent) {
      return Optional.empty();
    }
  }

  /**
   * Nothing if all blocks are in use, or the file system does not do such writes.
   *
   * @param cached of the same file, which is empty; closed with what is opened here
   */
  static Optional<FileOutput> open(Path file, FileChannel cached, DirectBlocks blocks) {
    return DIRECT.flatMap(
        option -> blocks.take().flatMap(block -> open(file, option, cached, blocks, block)));
  }

  private static Optional<FileOutput> open(
      Path file, OpenOption option, FileChannel cached, DirectBlocks blocks, ByteBuffer block) {
    try {
      var direct = FileChannel.open(file, StandardOpenOption.WRITE, option);
      return Optional.of(new DirectOutput(direct, cached, blocks, block));
    } catch (IOException | UnsupportedOperationException unsupported) {
      blocks.giveBack(block);
      return Optional.empty();
    }
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

  private void writeBlock() throws IOException {
    block.flip();
    try {
      writeAll();
    } catch (IOException failure) {
      // Some file systems agree to be written to in this way, and then want other sizes.
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
