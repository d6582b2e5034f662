package io.vitrine.store;

import io.vitrine.transfer.stream.TransferConfig;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Divides a node's memory for data in transit between its transfers: the more there are, the
 * smaller the window of each, including those already running.
 *
 * @param chunkBytes the size of a chunk that is read, the smallest of one that is written, and the
 *     smallest window
 * @param windowBytes the largest window
 * @param totalBytes the limit for all windows together, as long as each gets a chunk
 */
public record TransferBudget(
    int chunkBytes, int windowBytes, long totalBytes, AtomicInteger active) {
  /** A budget without transfers. */
  public TransferBudget(int chunkBytes, int windowBytes, long totalBytes) {
    this(chunkBytes, windowBytes, totalBytes, new AtomicInteger());
  }

  /** The configured budget. */
  public static TransferBudget of(TransferConfig config) {
    return new TransferBudget(
        Math.toIntExact(config.chunkSize().bytes()),
        Math.toIntExact(config.window().bytes()),
        config.memoryBudget().bytes());
  }

  /** Adds a transfer. */
  void enter() {
    active.incrementAndGet();
  }

  /** Removes a transfer. */
  void leave() {
    active.decrementAndGet();
  }

  /** The present window of one transfer, in bytes. */
  int share() {
    return Math.clamp(totalBytes / Math.max(1, active.get()), chunkBytes, windowBytes);
  }
}
