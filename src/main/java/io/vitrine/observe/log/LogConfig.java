package io.vitrine.observe.log;

import io.vitrine.config.Section;
import java.util.List;

/**
 * The format of the log.
 *
 * @param format text or json
 */
public record LogConfig(String format) {
  /** Reads the section. */
  public static LogConfig from(Section section) {
    return new LogConfig(section.choice("format", List.of("text", "json")));
  }
}
