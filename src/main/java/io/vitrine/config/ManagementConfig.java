package io.vitrine.config;

/** The listener for metrics and health. Port 0 selects a free one. */
public record ManagementConfig(String host, int port) {
  static ManagementConfig from(Section section) {
    return new ManagementConfig(section.text("host"), section.integer("port", 0, 65535));
  }
}
