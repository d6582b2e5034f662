package io.vitrine.net.stream;

import io.vertx.core.Vertx;
import java.time.Duration;

/** Real time, with the timers of Vert.x. */
record SystemTicker(Vertx vertx) implements Ticker {
  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public Runnable every(Duration interval, Runnable action) {
    long timer = vertx.setPeriodic(Math.max(1, interval.toMillis()), tick -> action.run());
    return () -> vertx.cancelTimer(timer);
  }
}
