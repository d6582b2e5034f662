package io.vitrine.format.content;

import io.vitrine.format.probe.Checks;
import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.DetectedFormat;
import io.vitrine.format.probe.Probe;
import io.vitrine.format.probe.Region;
import io.vitrine.format.probe.Tail;
import java.nio.ByteOrder;
import java.util.Optional;

/** LUKS version 1, as qemu writes it: a header, key material, then the encrypted disk. */
public final class LuksProbe implements Probe {
  private static final byte[] MAGIC = {'L', 'U', 'K', 'S', (byte) 0xba, (byte) 0xbe};
  private static final int VERSION = 6;
  private static final int PAYLOAD_SECTOR = 104;

  private final Region head;

  /** Recognises the format in a stream with this head. */
  public LuksProbe(Region head) {
    this.head = head;
  }

  @Override
  public Optional<DetectedFormat> conclude(long sizeBytes, Tail tail) {
    if (!head.has(0, MAGIC)) {
      return Optional.empty();
    }
    if (!head.isComplete()) {
      return Checks.truncated(ContentFormat.LUKS);
    }
    var header = head.read(ByteOrder.BIG_ENDIAN);
    var version = Short.toUnsignedInt(header.getShort(VERSION));
    if (version != 1) {
      return new Checks(ContentFormat.LUKS)
          .refuse("version", "is LUKS version " + version + ", only version 1 is accepted")
          .unknownSize();
    }
    var payloadOffset = Checks.sectors(Integer.toUnsignedLong(header.getInt(PAYLOAD_SECTOR)));
    return new Checks(ContentFormat.LUKS)
        .refuseHeaderIf(payloadOffset > sizeBytes, "ends before its encrypted data begins")
        .size(Math.max(0, sizeBytes - payloadOffset));
  }
}
