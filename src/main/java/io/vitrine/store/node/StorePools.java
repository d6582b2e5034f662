package io.vitrine.store.node;

import io.vitrine.store.blob.BlobStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads that all streams of a node share: one pool computes, and each store has one of its
 * own, so that a slow store delays no other. The windows of the streams bound their queues.
 */
public final class StorePools implements AutoCloseable {
  private static final int THREADS_OF_A_STORE = 8;

  private final ExecutorService hashing;
  private final Map<String, ExecutorService> waiting = new ConcurrentHashMap<>();

  private StorePools(ExecutorService hashing) {
    this.hashing = hashing;
  }

  /** Pools with this many threads for digests; 0: one for each processor. */
  public static StorePools of(int hashThreads) {
    int threads = hashThreads == 0 ? Runtime.getRuntime().availableProcessors() : hashThreads;
    return new StorePools(Executors.newFixedThreadPool(threads, named("store-hash-")));
  }

  /** The threads that compute digests. */
  public ExecutorService hashing() {
    return hashing;
  }

  /** The threads that call a store. */
  public ExecutorService of(BlobStore store) {
    return waiting.computeIfAbsent(store.id(), id -> threads(store));
  }

  /** Whether no call to a store is running or queued, and none will follow. */
  boolean isIdle(BlobStore store) {
    var threads = waiting.get(store.id());
    return threads == null || threads.isTerminated();
  }

  /**
   * The threads of a store. Virtual ones have no limit: a stream that waits for its turn must not
   * block those it waits for. Each stream makes one call at a time, so their number is the limit.
   */
  private static ExecutorService threads(BlobStore store) {
    var prefix = "store-" + store.id() + "-";
    return store.suitsVirtualThreads()
        ? Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name(prefix, 0).factory())
        : Executors.newFixedThreadPool(THREADS_OF_A_STORE, named(prefix));
  }

  private static ThreadFactory named(String prefix) {
    return Thread.ofPlatform().name(prefix, 0).daemon().factory();
  }

  @Override
  public void close() {
    hashing.shutdown();
    waiting.values().forEach(ExecutorService::shutdown);
    try {
      for (var threads : waiting.values()) {
        threads.awaitTermination(10, TimeUnit.SECONDS);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
