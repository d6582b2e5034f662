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
 * Whether the database works, and what failed because it did not. Says so in the log in few lines,
 * however many requests fail. Shared by all threads.
 */
public final class DatabaseWatch {
  private static final Logger log = LoggerFactory.getLogger(DatabaseWatch.class);
  private static final Duration LINES = Duration.ofSeconds(30);

  private final Map<CatalogFault, Runnable> failures = new EnumMap<>(CatalogFault.class);
  private final FaultLog faults = new FaultLog(log::warn, LINES, System::nanoTime);
  private @Nullable Outage outage;

  /** Why and since when there is no database, and when the log last told of it. */
  private record Outage(String reason, long since, long told) {}

  /** A watch over a database that works. */
  public DatabaseWatch(DatabaseMeters meters) {
    meters.watch(() -> fault().isEmpty());
    for (var fault : CatalogFault.values()) {
      failures.put(fault, meters.failures(fault.text()));
    }
  }

  /** Why the database cannot be used, as one line; empty if it can. */
  public synchronized Optional<String> fault() {
    return Optional.ofNullable(outage).map(Outage::reason);
  }

  /** The database answers and takes writes. */
  synchronized void up() {
    if (outage != null) {
      log.info("the database is back after {} s", seconds(outage));
      outage = null;
    }
    faults.sumUp();
  }

  /** The database cannot be used, for a reason in one line. */
  synchronized void down(String reason) {
    long now = System.nanoTime();
    if (outage == null) {
      log.error("the database is down: {}", reason);
      outage = new Outage(reason, now, now);
    } else if (now - outage.told >= LINES.toNanos()) {
      log.error("the database is down for {} s: {}", seconds(outage), reason);
      outage = new Outage(reason, outage.since, now);
    } else {
      outage = new Outage(reason, outage.since, outage.told);
    }
  }

  private static long seconds(Outage outage) {
    return (System.nanoTime() - outage.since) / 1_000_000_000;
  }

  /** Something failed; counted if that was the database. */
  void failed(Throwable failure) {
    CatalogFailures.fault(failure)
        .ifPresent(
            fault -> {
              Objects.requireNonNull(failures.get(fault)).run();
              faults.met(
                  fault.text(),
                  "the database fails: %s: %s".formatted(fault.text(), line(failure)));
            });
  }

  /** A failure in one line. */
  static String line(Throwable failure) {
    var message = failure.getMessage();
    var text = message == null ? failure.toString() : message;
    return text.replaceAll("\\s+", " ").strip();
  }
}
