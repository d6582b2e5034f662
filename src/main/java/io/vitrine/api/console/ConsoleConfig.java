package io.vitrine.api.console;

import io.vitrine.config.Section;

/**
 * The web console at {@code /ui}.
 *
 * @param enabled whether it is served; otherwise its paths are unknown
 */
public record ConsoleConfig(boolean enabled) {
  /** Reads the section. */
  public static ConsoleConfig from(Section section) {
    return new ConsoleConfig(section.flag("enabled"));
  }
}
