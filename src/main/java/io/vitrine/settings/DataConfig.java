package io.vitrine.settings;

import io.vitrine.config.Section;
import java.nio.file.Path;
import java.util.Map;

/** The directory for everything that has no other place; an absolute path. */
public record DataConfig(Path dir) {
  static DataConfig from(Section section, Map<String, String> environment) {
    return new DataConfig(section.path("dir", defaultDir(environment)));
  }

  /** The user's data directory by the XDG base directory specification, if there is one. */
  private static Path defaultDir(Map<String, String> environment) {
    var xdg = environment.getOrDefault("XDG_DATA_HOME", "");
    var dir = xdg.isEmpty() ? Path.of("vitrine-data") : Path.of(xdg, "vitrine");
    return dir.toAbsolutePath().normalize();
  }
}
