package io.vitrine.format.vdi;

import io.vitrine.format.probe.Checks;
import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.DetectedFormat;
import io.vitrine.format.probe.Probe;
import io.vitrine.format.probe.Region;
import io.vitrine.format.probe.Tail;
import java.nio.ByteOrder;
import java.util.Optional;

/** VirtualBox's VDI: a little-endian header with the signature at byte 64. */
public final class VdiProbe implements Probe {
  private final Region head;

  /** Recognises the format in a stream with this head. */
  public VdiProbe(Region head) {
    this.head = head;
  }

  @Override
  public Optional<DetectedFormat> conclude(long sizeBytes, Tail tail) {
    if (!head.has(0x40, (byte) 0x7f, (byte) 0x10, (byte) 0xda, (byte) 0xbe)) {
      return Optional.empty();
    }
    if (!head.isComplete()) {
      return Checks.truncated(ContentFormat.VDI);
    }
    var header = VdiHeader.parse(head.read(ByteOrder.LITTLE_ENDIAN));
    return new Checks(ContentFormat.VDI)
        .refuseIf(header.hasParent(), "parent", "depends on another image; merge it into one")
        .refuseIfShorter(sizeBytes, header.neededBytes())
        .size(header.diskBytes());
  }
}
