package io.vitrine.store;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads that all streams of a node share: one set computes, the other waits for disks. Their
 * queues are bounded by the windows of the streams.
 */
public record StorePools(ExecutorService hashing, ExecutorService disk) implements AutoCloseable {
  private static final int DISK_THREADS = 8;

  /** Pools with a number of threads for hashing; 0 means one for each processor. */
  public static StorePools of(int hashThreads) {
    int threads = hashThreads == 0 ? Runtime.getRuntime().availableProcessors() : hashThreads;
    return new StorePools(
        Executors.newFixedThreadPool(threads, named("store-hash-")),
        Executors.newFixedThreadPool(DISK_THREADS, named("store-disk-")));
  }

  private static ThreadFactory named(String prefix) {
    return Thread.ofPlatform().name(prefix, 0).daemon().factory();
  }

  @Override
  public void close() {
    hashing.shutdown();
    disk.shutdown();
    try {
      disk.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
