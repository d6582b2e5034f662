package io.vitrine.benchmark;

import java.time.Duration;

/** Ends the whole benchmark if something takes far too long, so that it never hangs. */
final class Deadline implements AutoCloseable {
  private final Thread thread;

  private Deadline(Thread thread) {
    this.thread = thread;
  }

  static Deadline of(String what, Duration limit) {
    return new Deadline(Thread.ofPlatform().daemon().start(() -> await(what, limit)));
  }

  private static void await(String what, Duration limit) {
    try {
      Thread.sleep(limit);
      System.err.printf("%s is not done after %d minutes%n", what, limit.toMinutes());
      System.exit(1);
    } catch (InterruptedException inTime) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
