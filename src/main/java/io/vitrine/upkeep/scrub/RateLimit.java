package io.vitrine.upkeep.scrub;

import java.util.concurrent.locks.LockSupport;

/**
 * A rate limit on reading, shared by all readers that use it. It blocks, so only for worker
 * threads.
 */
public final class RateLimit {
  private final double bytesPerNano;
  private long nextNanos = System.nanoTime();

  /** A limit in bytes per second. */
  public RateLimit(long bytesPerSecond) {
    bytesPerNano = bytesPerSecond / 1e9;
  }

  /** No limit. */
  public static RateLimit unlimited() {
    return new RateLimit(Long.MAX_VALUE);
  }

  /** Accounts for bytes just read; blocks until they are within the limit. */
  void spend(int bytes) {
    long until = book(bytes);
    for (long left = until - System.nanoTime();
        left > 0 && !Thread.currentThread().isInterrupted();
        left = until - System.nanoTime()) {
      LockSupport.parkNanos(this, left);
    }
  }

  private synchronized long book(int bytes) {
    nextNanos = Math.max(nextNanos, System.nanoTime()) + (long) (bytes / bytesPerNano);
    return nextNanos;
  }
}
