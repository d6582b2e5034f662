package io.vitrine.upkeep.scrub;

import java.util.concurrent.locks.LockSupport;

/**
 * Limits how fast bytes are read, for all that read at this pace together. Belongs to threads that
 * may wait.
 */
public final class Pace {
  private final double bytesPerNano;
  private long nextNanos = System.nanoTime();

  /** A pace of so many bytes a second. */
  public Pace(long bytesPerSecond) {
    bytesPerNano = bytesPerSecond / 1e9;
  }

  /** No limit. */
  public static Pace unlimited() {
    return new Pace(Long.MAX_VALUE);
  }

  /** Waits until bytes that have just been read fit the pace. */
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
