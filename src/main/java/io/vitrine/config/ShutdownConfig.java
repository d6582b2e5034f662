package io.vitrine.config;

import java.time.Duration;

/**
 * What happens when the process is asked to stop.
 *
 * @param readyDelay how long it goes on taking requests after it has said that it is not ready
 * @param grace how long requests under way may go on then
 * @param importGrace how long imports under way may go on before they are handed back
 */
public record ShutdownConfig(Duration readyDelay, Duration grace, Duration importGrace) {
  static ShutdownConfig from(Section section) {
    return new ShutdownConfig(
        section.duration("ready_delay", "0s", "10m"),
        section.duration("grace", "0s", "1h"),
        section.duration("import_grace", "0s", "1h"));
  }
}
