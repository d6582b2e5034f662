package io.vitrine.catalog.audit;

import io.vitrine.config.Section;
import java.time.Duration;

/**
 * The audit trail of images.
 *
 * @param retention how long records are kept; zero: for ever
 */
public record AuditConfig(Duration retention) {
  /** Reads the section. */
  public static AuditConfig from(Section section) {
    return new AuditConfig(section.duration("retention", "0s", "36500d"));
  }
}
