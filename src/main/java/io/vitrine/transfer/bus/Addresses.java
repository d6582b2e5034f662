package io.vitrine.transfer.bus;

/** The addresses on the event bus. */
public final class Addresses {
  /** Wakes the import workers, as a task is waiting. Published without a body. */
  public static final String IMPORT_WAKE = "import.wake";

  /** Tells all stores to abort transfers of a blob. Published with its id. */
  public static final String STORE_DISCARD = "store.discard";

  /** Wakes the garbage collection. Published without a body. */
  public static final String GARBAGE_WAKE = "garbage.wake";

  /** Tells all caches to remove an image. Published with the image's id. */
  public static final String CACHE_FORGET = "cache.forget";

  /** Wakes the cache of this node, as an image is queued for it. Sent with the image's id. */
  public static final String CACHE_WAKE = "cache.wake";

  private Addresses() {}

  /** The address of a node for {@link WriteRequest}s. */
  public static String write(String node) {
    return "store." + node + ".write";
  }

  /** The address of a node for {@link LocateRequest}s. */
  public static String locate(String node) {
    return "store." + node + ".locate";
  }

  /** The address of a node for {@link ReadRequest}s. */
  public static String read(String node) {
    return "store." + node + ".read";
  }

  /** The address of a node for {@link PieceRequest}s, from other nodes too. */
  public static String piece(String node) {
    return "store." + node + ".piece";
  }

  /** The address of a node for {@link UseRequest}s. */
  public static String use(String node) {
    return "store." + node + ".use";
  }

  /** The address of a node for {@link DeleteRequest}s. */
  public static String delete(String node) {
    return "store." + node + ".delete";
  }
}
