package io.vitrine.observe.log;

import io.vitrine.config.Section;
import java.util.List;

/**
 * The format of the log.
 *
 * @param format text or json
 */
public record LogConfig(String format) {
  private static final String TEXT = "text";

  /** Reads the section. */
  public static LogConfig from(Section section) {
    return new LogConfig(section.choice("format", List.of(TEXT, "json")));
  }

  /** Whether people read the log, and no program. */
  public boolean isText() {
    return format.equals(TEXT);
  }
}
