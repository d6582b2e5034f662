package io.vitrine.catalog.sql;

import io.vitrine.observe.metrics.DatabaseMeters;
import io.vitrine.observe.metrics.FaultLog;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracks whether the database works and counts the failures that follow when it does not. It logs
 * few lines, however many requests fail. Thread-safe.
 */
public final class DatabaseWatch {
  private static final Logger log = LoggerFactory.getLogger(DatabaseWatch.class);
  private static final Duration LINES = Duration.ofSeconds(30);

  private final Map<CatalogFault, Runnable> failures = new EnumMap<>(CatalogFault.class);
  private final FaultLog faults = new FaultLog(DatabaseWatch::warn, LINES, System::nanoTime);
  private @Nullable Outage outage;

  /** The reason and start of an outage, and when it was last logged. */
  private record Outage(String reason, long since, long told) {}

  /** A watch that begins with a working database. */
  public DatabaseWatch(DatabaseMeters meters) {
    meters.watch(() -> fault().isEmpty());
    for (var fault : CatalogFault.values()) {
      failures.put(fault, meters.failures(fault.text()));
    }
  }

  /** Why the database is unusable, in one line; empty if it is usable. */
  public synchronized Optional<String> fault() {
    return Optional.ofNullable(outage).map(Outage::reason);
  }

  /** Notes that the database answers and accepts writes. */
  synchronized void up() {
    if (outage != null) {
      log.atInfo().addKeyValue("seconds", seconds(outage)).log("The database is back");
      outage = null;
    }
    faults.sumUp();
  }

  /** Notes that the database is unusable, with a one-line reason. */
  synchronized void down(String reason) {
    long now = System.nanoTime();
    if (outage == null) {
      log.atError().addKeyValue("error", reason).log("The database is down");
      outage = new Outage(reason, now, now);
    } else if (now - outage.told >= LINES.toNanos()) {
      log.atError()
          .addKeyValue("seconds", seconds(outage))
          .addKeyValue("error", reason)
          .log("The database is still down");
      outage = new Outage(reason, outage.since, now);
    } else {
      outage = new Outage(reason, outage.since, outage.told);
    }
  }

  private static void warn(String faults) {
    log.atWarn().addKeyValue("error", faults).log("The database fails");
  }

  private static long seconds(Outage outage) {
    return (System.nanoTime() - outage.since) / 1_000_000_000;
  }

  /** Counts a failure if the database caused it. */
  void failed(Throwable failure) {
    CatalogFailures.fault(failure)
        .ifPresent(
            fault -> {
              Objects.requireNonNull(failures.get(fault)).run();
              faults.met(fault.text(), "%s: %s".formatted(fault.text(), line(failure)));
            });
  }

  /** The failure in one line. */
  static String line(Throwable failure) {
    var message = failure.getMessage();
    var text = message == null ? failure.toString() : message;
    return text.replaceAll("\\s+", " ").strip();
  }
}
