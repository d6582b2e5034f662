package io.vitrine.importer.engine;

import static io.vitrine.image.problem.ProblemException.tooLarge;

import io.vitrine.config.ByteSize;
import io.vitrine.config.Section;
import io.vitrine.image.problem.Problem;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Resource limits of one conversion. The kernel enforces all but the wall-clock time on qemu-img.
 *
 * @param memoryLimit address space of qemu-img; version 7.2 was observed to need up to 128 MiB
 * @param cpuLimit of qemu-img, all threads together, at least a second
 * @param timeLimit from start to end
 * @param outputLimit the virtual size; for qemu-img also the length of the largest file written
 */
public record ConversionLimits(
    ByteSize memoryLimit, Duration cpuLimit, Duration timeLimit, ByteSize outputLimit) {
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
  public static ConversionLimits from(Section section) {
    return new ConversionLimits(
        section.size("memory_limit", "64MiB", "1TiB"),
        section.duration("cpu_limit", "1s", "7d"),
        section.duration("time_limit", "1s", "7d"),
        section.size("output_limit", "1", "4096PiB"));
  }

  /** Fails with {@link Problem.TooLarge} for a larger virtual size. */
  public void requireVirtualSize(OptionalLong virtualSizeBytes) {
    if (virtualSizeBytes.orElse(0) > outputLimit.bytes()) {
      throw tooLarge(
          "The virtual size of %d bytes is larger than the %d allowed."
              .formatted(virtualSizeBytes.getAsLong(), outputLimit.bytes()));
    }
  }
}
