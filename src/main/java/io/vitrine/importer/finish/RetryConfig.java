package io.vitrine.importer.finish;

import io.vitrine.config.Section;
import java.time.Duration;

/**
 * How often tasks are tried.
 *
 * @param maxAttempts attempts after which a task fails
 * @param maxCrashes a task fails after this many workers died while running only this task
 * @param patience how long a task is retried after faults of the service
 */
public record RetryConfig(int maxAttempts, int maxCrashes, Duration patience) {
  /** Reads these keys among those of a section. */
  public static RetryConfig from(Section section) {
    return new RetryConfig(
        section.integer("max_attempts", 1, 100),
        section.integer("max_crashes", 1, 100),
        section.duration("patience", "0s", "365d"));
  }
}
