package io.vitrine.net.stream;

import io.vertx.core.Vertx;
import java.time.Duration;

/** The time that timeouts are measured by. */
public interface Ticker {
  /** Nanoseconds since some moment, as {@link System#nanoTime()}. */
  long nanos();

  /**
   * Repeats an action on the caller's context.
   *
   * @param interval at least a millisecond
   * @return ends the repetition
   */
  Runnable every(Duration interval, Runnable action);

  /** The time of the system. */
  static Ticker of(Vertx vertx) {
    return new SystemTicker(vertx);
  }
}
