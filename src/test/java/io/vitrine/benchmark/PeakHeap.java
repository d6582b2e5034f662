package io.vitrine.benchmark;

import java.io.IOException;
import java.util.regex.Pattern;

/** The most heap that a server has used, garbage included, as its metrics had it every 50 ms. */
final class PeakHeap implements AutoCloseable {
  private static final Pattern HEAP =
      Pattern.compile("(?m)^jvm_memory_used_bytes\\{.*area=\"heap\".*} (\\S+)$");
  private static final long LOOK_MILLIS = 50;
  private static final double MIB = 1 << 20;

  private final VitrineProcess server;
  private final Thread looking = Thread.ofVirtual().unstarted(this::look);
  private volatile double mostBytes;

  /** Looks from now on. */
  PeakHeap(VitrineProcess server) {
    this.server = server;
    looking.start();
  }

  /** The sum of all parts of the heap. */
  double mib() {
    return mostBytes / MIB;
  }

  private void look() {
    try {
      while (true) {
        double bytes =
            HEAP.matcher(server.metrics())
                .results()
                .mapToDouble(found -> Double.parseDouble(found.group(1)))
                .sum();
        mostBytes = Math.max(mostBytes, bytes);
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException | IOException end) {
      // Nobody asks any more.
    }
  }

  @Override
  public void close() {
    looking.interrupt();
  }
}
