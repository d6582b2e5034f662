package io.vitrine.catalog.metadefs;

import io.vitrine.config.Section;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The metadata definitions loaded into an empty catalog.
 *
 * @param builtin whether to load those of the program
 * @param dir a directory of JSON files, which take precedence
 */
public record MetadefsConfig(boolean builtin, Optional<Path> dir) {
  /** Reads the section. */
  public static MetadefsConfig from(Section section) {
    return new MetadefsConfig(section.flag("builtin"), section.optionalPath("dir"));
  }
}
