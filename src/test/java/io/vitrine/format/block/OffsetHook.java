package io.vitrine.format.block;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;

/** What a test does when something happens at an offset of a disk. */
@FunctionalInterface
public interface OffsetHook {
  /** Blocks, fails or counts. */
  void at(long offset) throws IOException;

  /** Counts down, and then blocks until the thread is interrupted. */
  static OffsetHook blocking(CountDownLatch reached) {
    return offset -> {
      reached.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException interrupt) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
    };
  }
}
