package io.vitrine.format.vhd;

import io.vitrine.format.probe.Checks;
import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.DetectedFormat;
import io.vitrine.format.probe.Probe;
import io.vitrine.format.probe.Region;
import io.vitrine.format.probe.Tail;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * VHD. A dynamic disk has its footer at both ends, a fixed disk only at the end, after the raw
 * content. A fixed VHD is therefore recognised only if its footer is valid in every field.
 */
public final class VhdProbe implements Probe {
  private final Region head;
  private Optional<NeededBytes> needed = Optional.empty();

  /** Recognises the format in a stream with this head. */
  public VhdProbe(Region head) {
    this.head = head;
  }

  @Override
  public List<Region> next() {
    if (needed.isEmpty()) {
      needed =
          VhdFooter.parse(head.read(ByteOrder.BIG_ENDIAN))
              .filter(VhdProbe::isDynamic)
              .map(footer -> new NeededBytes(head, footer));
    }
    return needed.map(NeededBytes::next).orElse(List.of());
  }

  @Override
  public Optional<DetectedFormat> conclude(long sizeBytes, Tail tail) {
    var end = VhdFooter.parse(ByteBuffer.wrap(tail.last(VhdFooter.LENGTH_BYTES)));
    if (!head.has(0, VhdFooter.COOKIE)) {
      return end.flatMap(footer -> fixed(footer, sizeBytes));
    }
    return VhdFooter.parse(head.read(ByteOrder.BIG_ENDIAN))
        .map(start -> dynamic(start, end.orElse(start), sizeBytes))
        .orElseGet(() -> Checks.truncated(ContentFormat.VHD));
  }

  private Optional<DetectedFormat> dynamic(VhdFooter start, VhdFooter end, long sizeBytes) {
    return new Checks(ContentFormat.VHD)
        .refuseIf(
            start.diskType() == VhdFooter.DIFFERENCING,
            "parent",
            "is a differencing disk; merge it with its parent")
        .refuseHeaderIf(
            start.diskBytes() != end.diskBytes(), "has a footer that contradicts its header")
        .refuseIfShorter(sizeBytes, needed.map(NeededBytes::get).orElse(0L))
        .size(start.diskBytes());
  }

  private static boolean isDynamic(VhdFooter footer) {
    return footer.diskType() == VhdFooter.DYNAMIC && footer.diskBytes() >= 0;
  }

  private static Optional<DetectedFormat> fixed(VhdFooter footer, long sizeBytes) {
    long diskBytes = sizeBytes - VhdFooter.LENGTH_BYTES;
    return footer.diskType() == VhdFooter.FIXED
            && footer.diskBytes() == diskBytes
            && footer.hasSoundChecksum()
        ? new Checks(ContentFormat.VHD).size(diskBytes, DetectedFormat.FIXED)
        : Optional.empty();
  }
}
