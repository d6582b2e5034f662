package io.vitrine.benchmark;

import java.util.List;

/** The order in which servers are measured. */
final class Turns {
  private Turns() {}

  /**
   * All of them, in each second round the other way round: what comes second finds memory that was
   * just freed, which the system gives out sooner.
   */
  static <T> List<T> of(List<T> all, int round) {
    return round % 2 == 0 ? all : all.reversed();
  }
}
