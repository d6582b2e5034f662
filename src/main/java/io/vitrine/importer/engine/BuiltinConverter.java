package io.vitrine.importer.engine;

import static io.vitrine.image.problem.ProblemException.unsupportedContent;

import io.vitrine.format.DiskFormats;
import java.util.OptionalLong;

/** Converts disk images in this process. It reads and writes the formats itself. */
public final class BuiltinConverter implements Converter {
  private final ConversionLimits limits;
  private final Disks disks;

  /** Converts within the limits of wall-clock time and size. */
  public BuiltinConverter(ConversionLimits limits) {
    this(limits, Disks.IN_FILES);
  }

  BuiltinConverter(ConversionLimits limits, Disks disks) {
    this.limits = limits;
    this.disks = disks;
  }

  @Override
  public void requireAvailable() {
    // It needs nothing but this program.
  }

  @Override
  public void requireWithinLimits(OptionalLong virtualSizeBytes) {
    limits.requireVirtualSize(virtualSizeBytes);
  }

  @Override
  public Conversion convert(DiskImage source, DiskImage target) {
    if (!DiskFormats.READABLE.contains(source.format())
        || !DiskFormats.WRITABLE.contains(target.format())) {
      throw unsupportedContent(
          "Images cannot be converted from %s to %s.".formatted(source.format(), target.format()));
    }
    return new BuiltinConversion(source, target, limits, disks).start(limits.timeLimit());
  }
}
