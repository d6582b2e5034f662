package io.vitrine.config;

import java.nio.file.Path;
import java.util.Map;

/** Where everything the defaults write is kept; an absolute path. */
public record DataConfig(Path dir) {
  static DataConfig from(Section section, Map<String, String> environment) {
    return new DataConfig(section.path("dir", defaultDir(environment)));
  }

  /** The XDG base directory specification's place for user data, if one is set. */
  private static Path defaultDir(Map<String, String> environment) {
    var xdg = environment.getOrDefault("XDG_DATA_HOME", "");
    var dir = xdg.isEmpty() ? Path.of("vitrine-data") : Path.of(xdg, "vitrine");
    return dir.toAbsolutePath().normalize();
  }
}
