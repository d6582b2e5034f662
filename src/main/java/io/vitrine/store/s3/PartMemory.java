package io.vitrine.store.s3;

import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The memory that the parts of all uploads share, in blocks outside of the heap, which are made
 * when they are first needed and used again. A part has room for all of its bytes from the
 * beginning, so it never waits while it holds some, and whoever waits is served in turn: no writers
 * can wait for each other.
 */
final class PartMemory {
  /** The size of a block. */
  static final int BLOCK_BYTES = 1 << 20;

  private final Semaphore room;
  private final Queue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();
  private final Duration patience;

  /** Memory of a size; who does not get any within the patience is told to come later. */
  PartMemory(long bytes, Duration patience) {
    this.room = new Semaphore(Math.toIntExact(bytes / BLOCK_BYTES), true);
    this.patience = patience;
  }

  /** A part without bytes, with room for so many. */
  Part take(long bytes) throws InterruptedIOException {
    int blocks = Math.toIntExact(Math.ceilDiv(bytes, (long) BLOCK_BYTES));
    try {
      if (!room.tryAcquire(blocks, patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new ProblemException(
            new Problem.Unavailable("The store has too many uploads now; try again later."));
      }
      return new Part(this, bytes, blocks);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for memory");
    }
  }

  /** One of the blocks that a part has room for. */
  ByteBuffer block() {
    return Optional.ofNullable(idle.poll())
        .orElseGet(() -> ByteBuffer.allocateDirect(BLOCK_BYTES))
        .clear();
  }

  /** Takes the room of a part back, and the blocks of it that were used. */
  void giveBack(int blocks, List<ByteBuffer> used) {
    idle.addAll(new ArrayList<>(used));
    room.release(blocks);
  }

  /** How many bytes nobody has. */
  long freeBytes() {
    return (long) room.availablePermits() * BLOCK_BYTES;
  }
}
