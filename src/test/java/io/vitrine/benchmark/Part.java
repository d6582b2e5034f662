package io.vitrine.benchmark;

import java.util.List;

/**
 * Something that is measured.
 *
 * @param names by which it is selected; more than one if it has parts of its own
 */
record Part(List<String> names, Measurement measurement) {
  /** Measures, and adds the rows. */
  @FunctionalInterface
  interface Measurement {
    void run(Rig rig, Report report) throws Exception;
  }

  /** A part with one name. */
  static Part of(String name, Measurement measurement) {
    return new Part(List.of(name), measurement);
  }

  boolean isIncluded(Settings settings) {
    return names.stream().anyMatch(settings::includes);
  }
}
