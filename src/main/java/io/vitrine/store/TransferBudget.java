package io.vitrine.store;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Shares a node's memory for data on the way between its transfers: the more there are, the smaller
 * the window of each, also of those that have begun already.
 *
 * @param chunkBytes the size of a chunk, which is also the smallest window
 * @param windowBytes the largest window
 * @param totalBytes what all windows together do not exceed while each can have a chunk
 */
public record TransferBudget(
    int chunkBytes, int windowBytes, long totalBytes, AtomicInteger active) {
  /** A budget of which nothing is used. */
  public TransferBudget(int chunkBytes, int windowBytes, long totalBytes) {
    this(chunkBytes, windowBytes, totalBytes, new AtomicInteger());
  }

  /** Counts one more transfer. */
  void enter() {
    active.incrementAndGet();
  }

  /** Counts one transfer less. */
  void leave() {
    active.decrementAndGet();
  }

  /** How many bytes of one transfer may be on the way now. */
  int share() {
    return Math.clamp(totalBytes / Math.max(1, active.get()), chunkBytes, windowBytes);
  }
}
