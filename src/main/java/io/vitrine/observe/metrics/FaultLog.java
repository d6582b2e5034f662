package io.vitrine.observe.metrics;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Logs a recurring fault once, and then only the number of repetitions, once per interval. Safe for
 * use by several threads.
 */
public final class FaultLog {
  private final Consumer<String> lines;
  private final Duration interval;
  private final LongSupplier nanoTime;
  private final Map<String, Fault> faults = new HashMap<>();

  private static final class Fault {
    private final long saidAt;
    private long more;
    private String last = "";

    Fault(long saidAt) {
      this.saidAt = saidAt;
    }
  }

  /**
   * A log of faults.
   *
   * @param lines receives the lines to log
   * @param nanoTime a clock like {@link System#nanoTime()}
   */
  public FaultLog(Consumer<String> lines, Duration interval, LongSupplier nanoTime) {
    this.lines = lines;
    this.interval = interval;
    this.nanoTime = nanoTime;
  }

  /** Logs the message unless a fault of this kind was logged within the interval. */
  public synchronized void met(String kind, String message) {
    sumUp();
    var known = faults.get(kind);
    if (known == null) {
      faults.put(kind, new Fault(nanoTime.getAsLong()));
      lines.accept(message);
    } else {
      known.more++;
      known.last = message;
    }
  }

  /** Logs the repetitions of faults whose interval has passed. */
  public synchronized void sumUp() {
    long now = nanoTime.getAsLong();
    for (var kind : faults.keySet().toArray(String[]::new)) {
      var fault = faults.get(kind);
      if (fault != null && now - fault.saidAt >= interval.toNanos()) {
        faults.remove(kind);
        if (fault.more > 0) {
          faults.put(kind, new Fault(now));
          lines.accept(
              "%d more in %d s, the last: %s"
                  .formatted(fault.more, (now - fault.saidAt) / 1_000_000_000, fault.last));
        }
      }
    }
  }
}
