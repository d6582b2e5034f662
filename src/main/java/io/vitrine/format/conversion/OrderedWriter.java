package io.vitrine.format.conversion;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes pieces one at a time, in the order of their numbers. No thread waits for its turn: the one
 * that brings the next piece writes it, and then the pieces that were waiting for it.
 */
final class OrderedWriter {
  /** Writes a piece. */
  @FunctionalInterface
  interface Writing {
    void run() throws IOException;
  }

  private final Map<Long, Writing> waiting = new HashMap<>();
  private long next;
  private boolean isWriting;

  /** Writes a piece now, or leaves it to the thread that writes the pieces before it. */
  void write(long number, Writing piece) throws IOException {
    add(number, piece);
    for (var ready = take(); ready != null; ready = take()) {
      ready.run();
      done();
    }
  }

  private synchronized void add(long number, Writing piece) {
    waiting.put(number, piece);
  }

  private synchronized @Nullable Writing take() {
    var ready = isWriting ? null : waiting.remove(next);
    isWriting |= ready != null;
    return ready;
  }

  private synchronized void done() {
    isWriting = false;
    next++;
  }
}
