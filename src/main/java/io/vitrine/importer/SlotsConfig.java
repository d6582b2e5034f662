package io.vitrine.importer;

import io.vitrine.config.Section;
import io.vitrine.image.task.Workload;

/**
 * A worker's capacity.
 *
 * @param concurrency concurrent tasks that compute
 * @param downloads concurrent tasks that fetch
 * @param reserve additional tasks of each, for projects that have none running
 */
public record SlotsConfig(int concurrency, int downloads, int reserve) {
  /** Reads these keys among those of a section. */
  static SlotsConfig from(Section section) {
    return new SlotsConfig(
        section.integer("concurrency", 1, 256),
        section.integer("downloads", 1, 1024),
        section.integer("reserve", 0, 64));
  }

  /** Concurrent tasks of a workload. */
  int of(Workload workload) {
    return switch (workload) {
      case FETCH -> downloads;
      case COMPUTE -> concurrency;
    };
  }
}
