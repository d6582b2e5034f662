package io.vitrine.config;

import java.util.List;

/**
 * The format of the log.
 *
 * @param format text or json
 */
public record LogConfig(String format) {
  static LogConfig from(Section section) {
    return new LogConfig(section.choice("format", List.of("text", "json")));
  }
}
