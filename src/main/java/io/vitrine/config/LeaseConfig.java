package io.vitrine.config;

import java.time.Duration;

/** How long unrenewed work stays its owner's, and how often abandoned data is looked for. */
public record LeaseConfig(Duration ttl, Duration gcInterval) {
  static LeaseConfig from(Section section) {
    return new LeaseConfig(
        section.duration("ttl", "1s", "1h"), section.duration("gc_interval", "1s", "1h"));
  }
}
