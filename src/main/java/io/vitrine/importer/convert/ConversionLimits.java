package io.vitrine.importer.convert;

import java.time.Duration;
import java.util.List;

/**
 * What one conversion may use. Every limit is enforced by the kernel but for the time on the clock.
 *
 * @param memoryBytes address space; qemu-img 7.2 was seen to need up to 128 MiB
 * @param cpuTime of all its threads together, at least a second
 * @param wallClockTime from start to end
 * @param outputBytes length of the largest file written; for raw that is the virtual size
 */
public record ConversionLimits(
    long memoryBytes, Duration cpuTime, Duration wallClockTime, long outputBytes) {
  /** The converter, its terminal and one or two files: a leak or an attack needs more. */
  private static final int OPEN_FILES = 64;

  /** Threads reserve their stack; eight megabytes each would count as memory used. */
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

  /**
   * Past the soft limit of CPU time a signal names the reason, past the hard one it is just killed.
   */
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
