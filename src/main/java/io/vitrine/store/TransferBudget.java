package io.vitrine.store;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Shares a node's memory for data on the way between its transfers: the more there are, the smaller
 * a new one's window.
 *
 * @param chunkBytes the size of a chunk, which is also the smallest window
 * @param windowBytes the largest window
 * @param totalBytes what all windows together should not exceed
 */
public record TransferBudget(
    int chunkBytes, int windowBytes, long totalBytes, AtomicInteger active) {
  /** A budget of which nothing is used. */
  public TransferBudget(int chunkBytes, int windowBytes, long totalBytes) {
    this(chunkBytes, windowBytes, totalBytes, new AtomicInteger());
  }

  /** Counts one more transfer and says how large its window in bytes is. */
  int enter() {
    long share = totalBytes / 2 / active.incrementAndGet();
    return Math.clamp(share, chunkBytes, windowBytes);
  }

  /** Counts one transfer less. */
  void leave() {
    active.decrementAndGet();
  }
}
