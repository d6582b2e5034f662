package io.vitrine.cli.disk;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Interrupts a thread when the process is asked to stop, such as by Ctrl-C, and delays the end of
 * the process until the thread has cleaned up and closed this.
 */
final class StopSignal implements AutoCloseable {
  private static final int LONGEST_SECONDS = 10;

  private final CountDownLatch cleaned = new CountDownLatch(1);
  private final Thread hook;

  private StopSignal(Thread worker) {
    hook = new Thread(() -> stop(worker), "stop");
  }

  /** From now on, a signal interrupts this thread. */
  static StopSignal interruptsThisThread() {
    var signal = new StopSignal(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  private void stop(Thread worker) {
    worker.interrupt();
    try {
      boolean isClean = cleaned.await(LONGEST_SECONDS, TimeUnit.SECONDS);
      if (!isClean) {
        System.err.println("Not everything could be cleaned up in time.");
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    cleaned.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException stopping) {
      // The hook is what has led here.
    }
  }
}
