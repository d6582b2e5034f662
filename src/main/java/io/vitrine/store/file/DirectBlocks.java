package io.vitrine.store.file;

import io.vitrine.transfer.disk.DirectAccess;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The memory of {@link DirectOutput}: a few blocks outside the heap, allocated on demand. */
final class DirectBlocks {
  static final int BLOCK_BYTES = 1 << 20;
  private static final int BLOCKS = 8;

  private final BlockingQueue<ByteBuffer> free = new LinkedBlockingQueue<>(BLOCKS);
  private final AtomicInteger made = new AtomicInteger();

  /** A free block; empty if all are in use. */
  Optional<ByteBuffer> take() {
    return Optional.ofNullable(free.poll()).or(this::make);
  }

  private Optional<ByteBuffer> make() {
    if (made.getAndUpdate(count -> Math.min(count + 1, BLOCKS)) >= BLOCKS) {
      return Optional.empty();
    }
    var memory =
        ByteBuffer.allocateDirect(BLOCK_BYTES + DirectAccess.ALIGNMENT)
            .alignedSlice(DirectAccess.ALIGNMENT);
    return Optional.of(memory.slice(0, BLOCK_BYTES));
  }

  void giveBack(ByteBuffer block) {
    free.add(block.clear());
  }
}
