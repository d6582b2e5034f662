package io.vitrine.catalog.sql;

import io.vitrine.config.Section;
import java.time.Duration;

/** How long a lease lasts without renewal, and how often abandoned data is collected. */
public record LeaseConfig(Duration ttl, Duration gcInterval) {
  /** Reads the section. */
  public static LeaseConfig from(Section section) {
    return new LeaseConfig(
        section.duration("ttl", "1s", "1h"), section.duration("gc_interval", "1s", "1h"));
  }
}
