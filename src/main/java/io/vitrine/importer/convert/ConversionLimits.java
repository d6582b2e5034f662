package io.vitrine.importer.convert;

import io.vitrine.config.ByteSize;
import io.vitrine.config.Section;
import java.time.Duration;
import java.util.List;

/**
 * Resource limits of one conversion. The kernel enforces all but the wall clock time.
 *
 * @param memoryLimit address space; qemu-img 7.2 was observed to need up to 128 MiB
 * @param cpuLimit of all threads together, at least a second
 * @param timeLimit from start to end
 * @param outputLimit length of the largest file written; for raw, the virtual size
 */
public record ConversionLimits(
    ByteSize memoryLimit, Duration cpuLimit, Duration timeLimit, ByteSize outputLimit) {
  /**
   * Enough for the converter, its terminal and one or two files; only a leak or an attack needs
   * more.
   */
  private static final int OPEN_FILES = 64;

  /** Reserved stacks count as memory used, and the default is 8 MiB a thread. */
  private static final int STACK_BYTES = 1 << 20;

  /** Refuses limits under which nothing could run. */
  public ConversionLimits {
    if (memoryLimit.bytes() <= 0 || outputLimit.bytes() <= 0) {
      throw new IllegalArgumentException("limits must be more than zero bytes");
    }
    if (cpuLimit.toSeconds() < 1 || timeLimit.toMillis() < 1) {
      throw new IllegalArgumentException("a conversion takes time");
    }
  }

  /** Reads these keys among those of a section. */
  static ConversionLimits from(Section section) {
    return new ConversionLimits(
        section.size("memory_limit", "64MiB", "1TiB"),
        section.duration("cpu_limit", "1s", "7d"),
        section.duration("time_limit", "1s", "7d"),
        section.size("output_limit", "1", "4096PiB"));
  }

  /** The soft limit of CPU time sends a signal that names the reason; the hard one kills. */
  List<String> toPrlimitOptions() {
    long seconds = cpuLimit.toSeconds();
    return List.of(
        "--as=" + memoryLimit.bytes(),
        "--cpu=" + seconds + ":" + (seconds + 5),
        "--fsize=" + outputLimit.bytes(),
        "--nofile=" + OPEN_FILES,
        "--stack=" + STACK_BYTES);
  }
}
