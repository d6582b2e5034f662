package io.vitrine.format.conversion;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** A fixed number of buffers, which bounds both the memory and how far the threads run ahead. */
final class Buffers {
  private final BlockingQueue<ByteBuffer> free;

  Buffers(int count, int lengthBytes) {
    free = new ArrayBlockingQueue<>(count);
    for (int made = 0; made < count; made++) {
      free.add(ByteBuffer.allocate(lengthBytes));
    }
  }

  /** Waits for a buffer. */
  ByteBuffer take() throws InterruptedException {
    return free.take().clear();
  }

  /** Gives a buffer back. */
  void give(ByteBuffer buffer) {
    free.add(buffer);
  }
}
