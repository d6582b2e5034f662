package io.vitrine.format.content;

import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.DetectedFormat;
import io.vitrine.format.probe.Probe;
import io.vitrine.format.probe.Region;
import io.vitrine.format.probe.Tail;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** ISO 9660 and UDF: the first volume descriptor, at 32 KiB, names the standard (ECMA-119, 8). */
public final class IsoProbe implements Probe {
  private static final List<String> STANDARDS = List.of("CD001", "BEA01", "NSR02", "NSR03");

  private final Region descriptor = new Region(32 * 1024, 6);

  @Override
  public List<Region> next() {
    return descriptor.isComplete() ? List.of() : List.of(descriptor);
  }

  @Override
  public Optional<DetectedFormat> conclude(long sizeBytes, Tail tail) {
    // A disc image is used whole, with any bytes after the volume: its size is the real one.
    return STANDARDS.stream()
        .filter(name -> descriptor.has(1, name.getBytes(StandardCharsets.US_ASCII)))
        .findFirst()
        .map(
            name ->
                new DetectedFormat(ContentFormat.ISO, "", OptionalLong.of(sizeBytes), List.of()));
  }
}
