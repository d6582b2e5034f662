package io.vitrine.config;

import java.time.Duration;

/** How long, and how many, requests wait for a connection to the database. */
public record WaitingConfig(Duration timeout, int max, int maxPerClient) {
  static WaitingConfig from(Section section) {
    return new WaitingConfig(
        section.duration("timeout", "10ms", "5m"),
        section.integer("max", 0, 100_000),
        section.integer("max_per_client", 0, 100_000));
  }
}
