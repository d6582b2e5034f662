package io.vitrine.benchmark;

import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Work that many threads do at the same time. */
final class Crowd {
  /** What one of them does. */
  @FunctionalInterface
  interface Work {
    /** Does the work of the thread with this number, counted from 0. */
    void run(int number) throws Exception;
  }

  private Crowd() {}

  /** The seconds until all have ended; fails if one does. */
  static double run(int size, Work work) throws Exception {
    var all = new ArrayList<Future<?>>();
    try (var threads = Executors.newFixedThreadPool(size)) {
      long start = System.nanoTime();
      for (int number = 0; number < size; number++) {
        int mine = number;
        all.add(
            threads.submit(
                () -> {
                  work.run(mine);
                  return null;
                }));
      }
      try {
        for (var one : all) {
          one.get();
        }
      } catch (Exception failure) {
        threads.shutdownNow();
        throw failure;
      }
      return (System.nanoTime() - start) / 1e9;
    }
  }
}
