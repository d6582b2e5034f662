package io.vitrine.store.kind;

import io.vitrine.transfer.disk.DiskSpace;

/**
 * The process that opens stores.
 *
 * @param isAlone whether there are no other nodes, so that all nodes see the same files
 * @param flushes whether data must be on disk when it is committed
 * @param largestBytes the size of the largest image
 * @param space shared by all writers of files
 * @param foundings decides which directories are new
 */
public record StoreSite(
    boolean isAlone, boolean flushes, long largestBytes, DiskSpace space, Foundings foundings) {
  /** Decides which directories a store may start to use. */
  @FunctionalInterface
  public interface Foundings {
    /**
     * The decision for the directories of a store.
     *
     * @param isShared whether all nodes see them
     */
    Founding of(String store, boolean isShared);
  }

  /** Whether all nodes see the same data of a store. */
  public boolean shares(StoreConfig store) {
    return isAlone || store.isShared();
  }
}
