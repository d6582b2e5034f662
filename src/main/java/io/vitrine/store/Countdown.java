package io.vitrine.store;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The work on one chunk, which several threads share: when everyone who takes part is done, and the
 * work is closed to others, it runs an action once.
 */
final class Countdown {
  private final AtomicInteger open = new AtomicInteger(1);
  private final Runnable whenDone;

  Countdown(Runnable whenDone) {
    this.whenDone = whenDone;
  }

  /** Joins the work; the result must be run once, on any thread. Not after {@link #close}. */
  Runnable join() {
    open.incrementAndGet();
    return this::leave;
  }

  /** Lets nobody join any more. */
  void close() {
    leave();
  }

  private void leave() {
    if (open.decrementAndGet() == 0) {
      whenDone.run();
    }
  }
}
