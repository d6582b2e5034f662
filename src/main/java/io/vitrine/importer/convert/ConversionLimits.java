package io.vitrine.importer.convert;

import java.time.Duration;
import java.util.List;

/**
 * Resource limits of one conversion. The kernel enforces all but the wall clock time.
 *
 * @param memoryBytes address space; qemu-img 7.2 was observed to need up to 128 MiB
 * @param cpuTime of all threads together, at least a second
 * @param wallClockTime from start to end
 * @param outputBytes length of the largest file written; for raw, the virtual size
 */
public record ConversionLimits(
    long memoryBytes, Duration cpuTime, Duration wallClockTime, long outputBytes) {
  /**
   * Enough for the converter, its terminal and one or two files; only a leak or an attack needs
   * more.
   */
  private static final int OPEN_FILES = 64;

  /** Reserved stacks count as memory used, and the default is 8 MiB a thread. */
  private static final int STACK_BYTES = 1 << 20;

  /** Refuses limits under which nothing could run. */
  public ConversionLimits {
    if (memoryBytes <= 0 || outputBytes <= 0) {
      throw new IllegalArgumentException("limits must be more than zero bytes");
    }
    if (cpuTime.toSeconds() < 1 || wallClockTime.toMillis() < 1) {
      throw new IllegalArgumentException("a conversion takes time");
    }
  }

  /** The soft limit of CPU time sends a signal that names the reason; the hard one kills. */
  List<String> toPrlimitOptions() {
    long seconds = cpuTime.toSeconds();
    return List.of(
        "--as=" + memoryBytes,
        "--cpu=" + seconds + ":" + (seconds + 5),
        "--fsize=" + outputBytes,
        "--nofile=" + OPEN_FILES,
        "--stack=" + STACK_BYTES);
  }
}
