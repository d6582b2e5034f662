package io.vitrine.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which metadata definitions an empty catalog is filled with.
 *
 * @param builtin those that come with the program
 * @param dir those of a directory's JSON files, which count more
 */
public record MetadefsConfig(boolean builtin, Optional<Path> dir) {
  static MetadefsConfig from(Section section) {
    return new MetadefsConfig(section.flag("builtin"), section.optionalPath("dir"));
  }
}
