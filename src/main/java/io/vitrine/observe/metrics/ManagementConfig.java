package io.vitrine.observe.metrics;

import io.vitrine.config.Section;

/** The listener for metrics and health. Port 0 selects a free one. */
public record ManagementConfig(String host, int port) {
  /** Reads the section. */
  public static ManagementConfig from(Section section) {
    return new ManagementConfig(section.text("host"), section.integer("port", 0, 65535));
  }
}
