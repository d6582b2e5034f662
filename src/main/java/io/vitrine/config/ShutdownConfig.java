package io.vitrine.config;

import java.time.Duration;

/** How long what is under way may go on when the process is asked to stop. */
public record ShutdownConfig(Duration grace) {
  static ShutdownConfig from(Section section) {
    return new ShutdownConfig(section.duration("grace", "0s", "1h"));
  }
}
