package io.vitrine.transfer.bus;

/** The addresses on the event bus. */
public final class Addresses {
  /** Wakes the import workers: a task is waiting. Published without a body. */
  public static final String IMPORT_WAKE = "import.wake";

  /**
   * Tells every store that a blob is no longer wanted, so that a transfer of it stops. Published
   * with its id.
   */
  public static final String STORE_DISCARD = "store.discard";

  /** Wakes the garbage collection. Published without a body. */
  public static final String GARBAGE_WAKE = "garbage.wake";

  /** Tells every cache that an image is no longer to be in it. Published with the image's id. */
  public static final String CACHE_FORGET = "cache.forget";

  /** Wakes the cache of this node: an image is waited for. Sent with the image's id. */
  public static final String CACHE_WAKE = "cache.wake";

  private Addresses() {}

  /** Where a node takes {@link WriteRequest}s. */
  public static String write(String node) {
    return "store." + node + ".write";
  }

  /** Where a node takes {@link ReadRequest}s. */
  public static String read(String node) {
    return "store." + node + ".read";
  }

  /** Where a node takes {@link PieceRequest}s, of other nodes too. */
  public static String piece(String node) {
    return "store." + node + ".piece";
  }

  /** Where a node takes {@link UseRequest}s. */
  public static String use(String node) {
    return "store." + node + ".use";
  }

  /** Where a node takes {@link DeleteRequest}s. */
  public static String delete(String node) {
    return "store." + node + ".delete";
  }
}
