package io.vitrine.catalog.database;

import io.vitrine.config.Section;
import java.time.Duration;

/**
 * Limits on requests that wait for a database connection: the time, the number, and the number per
 * client.
 */
public record WaitingConfig(Duration timeout, int max, int maxPerClient) {
  static WaitingConfig from(Section section) {
    return new WaitingConfig(
        section.duration("timeout", "10ms", "5m"),
        section.integer("max", 0, 100_000),
        section.integer("max_per_client", 0, 100_000));
  }
}
