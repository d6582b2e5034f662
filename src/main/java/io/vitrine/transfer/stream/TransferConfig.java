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
    var window = new KeyedSize("window", config.window);
    requireAtLeast(section, window, new KeyedSize("chunk_size", config.chunkSize));
    requireAtLeast(section, new KeyedSize("memory_budget", config.memoryBudget), window);
    return config;
  }

  /** A size with its key in the section. */
  private record KeyedSize(String key, ByteSize size) {}

  private static void requireAtLeast(Section section, KeyedSize one, KeyedSize lower) {
    section.require(
        one.size.compareTo(lower.size) >= 0,
        one.key,
        one.size + " is not allowed; give at least " + lower.key + ", " + lower.size);
  }
}
