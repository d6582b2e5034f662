package io.vitrine.importer.engine;

import io.vitrine.format.conversion.DiskConversion;
import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A conversion in this process, on one thread for each processor. */
public final class BuiltinConversion extends RunningConversion {
  private static final Logger LOG = LoggerFactory.getLogger(BuiltinConversion.class);

  private final ConversionLimits limits;
  private final Disks disks;
  private volatile @Nullable Progress progress;

  private record Progress(DiskConversion conversion, long sizeBytes) {
    double percent() {
      return sizeBytes == 0 ? 100 : 100.0 * conversion.doneBytes() / sizeBytes;
    }
  }

  /** Converts between disks within the limits of size. */
  public BuiltinConversion(
      DiskImage source, DiskImage target, ConversionLimits limits, Disks disks) {
    super(source, target);
    this.limits = limits;
    this.disks = disks;
  }

  @Override
  public double percent() {
    var current = progress;
    return current == null ? 0 : current.percent();
  }

  @Override
  protected void convert() throws IOException, InterruptedException {
    try (var disk = disks.open(source())) {
      limits.requireVirtualSize(OptionalLong.of(disk.sizeBytes()));
      try (var image = disks.create(target(), disk.sizeBytes())) {
        var conversion =
            new DiskConversion(disk, image, Runtime.getRuntime().availableProcessors());
        progress = new Progress(conversion, disk.sizeBytes());
        conversion.run();
      }
      if (!disk.remarks().isEmpty()) {
        LOG.atInfo()
            .addKeyValue("format", source().format())
            .addKeyValue("remarks", disk.remarks())
            .log("A conversion left something out");
      }
    }
  }

  @Override
  protected void interrupt(Thread thread) {
    thread.interrupt();
  }
}
