package io.vitrine.store.s3;

import static io.vitrine.image.problem.ProblemException.unavailable;

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
 * The memory of all uploads' parts, in blocks outside the heap, allocated on demand and reused. A
 * part reserves all its blocks at the start, and waiters are served in order: nobody waits while
 * holding memory, so writers cannot deadlock.
 */
final class PartMemory {
  /** The size of a block. */
  static final int BLOCK_BYTES = 1 << 20;

  private final Semaphore room;
  private final Queue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();
  private final Duration patience;

  /** Memory of this many bytes; a writer that gets none within the patience is asked to retry. */
  PartMemory(long bytes, Duration patience) {
    this.room = new Semaphore(Math.toIntExact(bytes / BLOCK_BYTES), true);
    this.patience = patience;
  }

  /** An empty part of this capacity. */
  Part take(long bytes) throws InterruptedIOException {
    int blocks = Math.toIntExact(Math.ceilDiv(bytes, (long) BLOCK_BYTES));
    try {
      if (!room.tryAcquire(blocks, patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw unavailable("The store has too many uploads now; try again later.");
      }
      return new Part(this, bytes, blocks);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for memory");
    }
  }

  /** A block from a part's reservation. */
  ByteBuffer block() {
    return Optional.ofNullable(idle.poll())
        .orElseGet(() -> ByteBuffer.allocateDirect(BLOCK_BYTES))
        .clear();
  }

  /** Takes back a part's reservation and the blocks that it used. */
  void giveBack(int blocks, List<ByteBuffer> used) {
    idle.addAll(new ArrayList<>(used));
    room.release(blocks);
  }

  /** The number of unreserved bytes. */
  long freeBytes() {
    return (long) room.availablePermits() * BLOCK_BYTES;
  }
}
