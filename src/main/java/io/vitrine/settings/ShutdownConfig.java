package io.vitrine.settings;

import io.vitrine.config.Section;
import java.time.Duration;

/**
 * Graceful shutdown.
 *
 * @param readyDelay how long the process still accepts requests after reporting that it is not
 *     ready
 * @param grace how long running requests may then continue
 * @param importGrace how long running imports may continue before they are released
 */
public record ShutdownConfig(Duration readyDelay, Duration grace, Duration importGrace) {
  static ShutdownConfig from(Section section) {
    return new ShutdownConfig(
        section.duration("ready_delay", "0s", "10m"),
        section.duration("grace", "0s", "1h"),
        section.duration("import_grace", "0s", "1h"));
  }
}
