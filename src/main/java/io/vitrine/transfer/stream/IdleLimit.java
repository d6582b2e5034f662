package io.vitrine.transfer.stream;

import io.vertx.core.Vertx;
import io.vitrine.net.stream.Ticker;
import java.time.Duration;

/**
 * How long the other side of a transfer may be silent.
 *
 * @param ticker measures the silence
 */
public record IdleLimit(Ticker ticker, Duration timeout) {
  private static final int LOOKS = 4;

  /** A limit in real time. */
  public static IdleLimit of(Vertx vertx, Duration timeout) {
    return new IdleLimit(Ticker.of(vertx), timeout);
  }

  /** The present time, for {@link #isOverdue}. */
  public long nowNanos() {
    return ticker.nanos();
  }

  /** Whether the silence since that time is too long. */
  public boolean isOverdue(long sinceNanos) {
    return ticker.nanos() - sinceNanos > timeout.toNanos();
  }

  /** Looks several times within the limit, on the caller's context, until the result is run. */
  public Runnable watch(Runnable look) {
    return ticker.every(timeout.dividedBy(LOOKS), look);
  }
}
