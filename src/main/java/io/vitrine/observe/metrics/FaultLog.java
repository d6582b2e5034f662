package io.vitrine.observe.metrics;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Writes a fault that is met again and again as one line, and how often it was met since then once
 * in an interval. Shared by all threads.
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
   * @param lines takes what is to be written
   * @param nanoTime a clock like {@link System#nanoTime()}
   */
  public FaultLog(Consumer<String> lines, Duration interval, LongSupplier nanoTime) {
    this.lines = lines;
    this.interval = interval;
    this.nanoTime = nanoTime;
  }

  /** Writes the message, unless a fault of this kind was written a short time ago. */
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

  /** Writes how often faults were met that have not been written for an interval. */
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
