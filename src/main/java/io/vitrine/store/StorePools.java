package io.vitrine.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads that all streams of a node share: one set computes, and one for each store waits for
 * it, so that a slow store keeps no other waiting. Their queues are bounded by the windows of the
 * streams.
 */
public final class StorePools implements AutoCloseable {
  private static final int THREADS_OF_A_STORE = 8;

  private final ExecutorService hashing;
  private final Map<String, ExecutorService> waiting = new ConcurrentHashMap<>();

  private StorePools(ExecutorService hashing) {
    this.hashing = hashing;
  }

  /** Pools with a number of threads for hashing; 0 means one for each processor. */
  public static StorePools of(int hashThreads) {
    int threads = hashThreads == 0 ? Runtime.getRuntime().availableProcessors() : hashThreads;
    return new StorePools(Executors.newFixedThreadPool(threads, named("store-hash-")));
  }

  ExecutorService hashing() {
    return hashing;
  }

  /** The threads that wait for a store. */
  ExecutorService of(BlobStore store) {
    return waiting.computeIfAbsent(store.id(), id -> threads(store));
  }

  /** Whether nothing waits for a store any more, nor will. */
  boolean isIdle(BlobStore store) {
    var threads = waiting.get(store.id());
    return threads == null || threads.isTerminated();
  }

  /**
   * A stream that waits for a store, perhaps for its turn, must not keep those from working that it
   * waits for; as each stream does one thing at a time, their number is the bound.
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
