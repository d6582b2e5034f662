package io.vitrine.format.content;

import io.vitrine.format.probe.Checks;
import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.DetectedFormat;
import io.vitrine.format.probe.Probe;
import io.vitrine.format.probe.Region;
import io.vitrine.format.probe.Tail;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** ISO 9660 and UDF: the first volume descriptor, at 32 KiB, names the standard (ECMA-119, 8). */
public final class IsoProbe implements Probe {
  private static final List<String> STANDARDS = List.of("CD001", "BEA01", "NSR02", "NSR03");
  private static final int FIRST_DESCRIPTOR = 32 << 10;

  /** The primary descriptor is nearly always the first. */
  private static final int MOST_DESCRIPTORS = 16;

  private final List<Region> descriptors =
      new ArrayList<>(List.of(new Region(FIRST_DESCRIPTOR, IsoDescriptor.BYTES)));

  @Override
  public List<Region> next() {
    var last = descriptors.getLast();
    if (!last.isComplete()) {
      return List.of(last);
    }
    if (!new IsoDescriptor(last).isFollowed() || descriptors.size() == MOST_DESCRIPTORS) {
      return List.of();
    }
    var next = new Region(last.wanted(), IsoDescriptor.BYTES);
    descriptors.add(next);
    return List.of(next);
  }

  @Override
  public Optional<DetectedFormat> conclude(long sizeBytes, Tail tail) {
    if (STANDARDS.stream().noneMatch(this::isNamed)) {
      return Optional.empty();
    }
    long needed =
        descriptors.stream()
            .mapToLong(region -> new IsoDescriptor(region).neededBytes())
            .max()
            .orElse(0);
    // A disc image is used whole, with any bytes after the volume: its size is the real one.
    return new Checks(ContentFormat.ISO)
        .refuseHeaderIf(needed > sizeBytes, CutOff.reason(needed, sizeBytes))
        .size(sizeBytes);
  }

  private boolean isNamed(String standard) {
    return descriptors.getFirst().has(1, standard.getBytes(StandardCharsets.US_ASCII));
  }
}
