package io.vitrine.store.s3;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;

/** Reads several buffers in order. */
final class BlockStream extends InputStream {
  private final Queue<ByteBuffer> blocks;

  BlockStream(Collection<ByteBuffer> blocks) {
    this.blocks = new ArrayDeque<>(blocks);
  }

  @Override
  public int read() {
    skipEmpty();
    return blocks.isEmpty() ? -1 : Byte.toUnsignedInt(blocks.element().get());
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    skipEmpty();
    if (blocks.isEmpty()) {
      return length == 0 ? 0 : -1;
    }
    int count = Math.min(length, blocks.element().remaining());
    blocks.element().get(target, offset, count);
    return count;
  }

  @Override
  public int available() {
    skipEmpty();
    return blocks.isEmpty() ? 0 : blocks.element().remaining();
  }

  private void skipEmpty() {
    while (!blocks.isEmpty() && !blocks.element().hasRemaining()) {
      blocks.remove();
    }
  }
}
