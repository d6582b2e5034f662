package io.vitrine.catalog.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for processes; an interrupt becomes an {@link IOException} and the flag stays set. */
final class Processes {
  private Processes() {}

  /** Waits for the process and returns its exit code. */
  static int waitFor(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Waits for a child to exit, independently of Java's common thread pool. */
  static boolean ends(Process child, Duration limit) throws IOException {
    try {
      return child.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Waits for any process to exit; false after the limit. */
  static boolean ends(ProcessHandle process, Duration limit) throws IOException {
    try {
      process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException stillRunning) {
      return false;
    } catch (ExecutionException e) {
      throw new IOException(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Waits for a thread to end. */
  static void join(Thread thread) throws IOException {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IOException(e);
  }
}
