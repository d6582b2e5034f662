package io.vitrine.transfer.stream;

import io.vitrine.config.ByteSize;
import io.vitrine.config.Section;
import java.time.Duration;

/**
 * Transfers of image data: the size of chunks, and the most bytes in flight in each transfer
 * (window) and in all of them (budget). There is at least one hash thread.
 */
public record TransferConfig(
    ByteSize chunkSize,
    ByteSize window,
    ByteSize memoryBudget,
    Duration idleTimeout,
    int hashThreads,
    boolean fsync) {

  /** Reads the section. */
  public static TransferConfig from(Section section) {
    var threads = section.integer("hash_threads", 0, 256);
    var config =
        new TransferConfig(
            section.size("chunk_size", "4KiB", "16MiB"),
            section.size("window", "4KiB", "1GiB"),
            section.size("memory_budget", "4KiB", "1TiB"),
            section.duration("idle_timeout", "1s", "1h"),
            threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
            section.flag("fsync"));
    requireAtLeast(section, "window", config.window, "chunk_size", config.chunkSize);
    requireAtLeast(section, "memory_budget", config.memoryBudget, "window", config.window);
    return config;
  }

  private static void requireAtLeast(
      Section section, String key, ByteSize size, String lowerKey, ByteSize lower) {
    section.require(
        size.compareTo(lower) >= 0,
        key,
        size + " is not allowed; give at least " + lowerKey + ", " + lower);
  }
}
