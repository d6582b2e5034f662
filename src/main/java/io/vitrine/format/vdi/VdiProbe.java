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
  private static final int IMAGE_TYPE = 0x4c;
  private static final int DYNAMIC = 1;
  private static final int FIXED = 2;
  private static final int DISK_SIZE = 0x170;
  private static final int LINK_UUID = 0x1a8;
  private static final int PARENT_UUID = 0x1b8;

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
    var header = head.read(ByteOrder.LITTLE_ENDIAN);
    var type = header.getInt(IMAGE_TYPE);
    var hasParent = !head.has(LINK_UUID, new byte[16]) || !head.has(PARENT_UUID, new byte[16]);
    return new Checks(ContentFormat.VDI)
        .refuseIf(
            hasParent || (type != DYNAMIC && type != FIXED),
            "parent",
            "depends on another image; merge it into one")
        .size(header.getLong(DISK_SIZE));
  }
}
