package io.vitrine.format.content;

import io.vitrine.format.probe.Checks;
import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.DetectedFormat;
import io.vitrine.format.probe.Probe;
import io.vitrine.format.probe.Region;
import io.vitrine.format.probe.Tail;
import io.vitrine.format.probe.TextCapture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * LUKS, version 1 or 2: a header, key material, then the encrypted disk. Version 2 describes the
 * disk in JSON after its binary header (LUKS2 On-Disk Format Specification 1.1.4, sections 2 and
 * 3).
 */
public final class LuksProbe implements Probe {
  private static final byte[] MAGIC = {'L', 'U', 'K', 'S', (byte) 0xba, (byte) 0xbe};
  private static final byte[] VERSION_2 = {0, 2};
  private static final int VERSION = 6;
  private static final int PAYLOAD_SECTOR = 104;

  /** The binary header and the JSON after it, in bytes. */
  private static final int HEADER_BYTES_2 = 8;

  private static final int JSON_OFFSET = 4096;
  private static final int LEAST_HEADER_BYTES = 16 << 10;
  private static final int MOST_HEADER_BYTES = 4 << 20;

  /** Cryptsetup writes some 2 KiB. */
  private static final int JSON_LIMIT_BYTES = 256 << 10;

  private final Region head;
  private final TextCapture json =
      new TextCapture(new Region(JSON_OFFSET, JSON_OFFSET), JSON_LIMIT_BYTES);

  /** Recognises the format in a stream with this head. */
  public LuksProbe(Region head) {
    this.head = head;
  }

  @Override
  public List<Region> next() {
    return head.has(0, MAGIC) && head.has(VERSION, VERSION_2) ? json.next() : List.of();
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
    var checks = new Checks(ContentFormat.LUKS);
    int version = Short.toUnsignedInt(header.getShort(VERSION));
    return switch (version) {
      case 1 -> version1(header, sizeBytes, checks);
      case 2 -> version2(header, sizeBytes, checks);
      default ->
          checks
              .refuse("version", "is LUKS version " + version + ", only 1 and 2 are accepted")
              .unknownSize();
    };
  }

  private static Optional<DetectedFormat> version1(
      ByteBuffer header, long sizeBytes, Checks checks) {
    long payload = Checks.sectors(Integer.toUnsignedLong(header.getInt(PAYLOAD_SECTOR)));
    return checks
        .refuseHeaderIf(payload > sizeBytes, CutOff.reason(payload, sizeBytes))
        .size(Math.max(0, sizeBytes - payload));
  }

  /** The size is that of the only segment; other disks, such as half encrypted ones, are rare. */
  private Optional<DetectedFormat> version2(ByteBuffer header, long sizeBytes, Checks checks) {
    long headerBytes = header.getLong(HEADER_BYTES_2);
    boolean isPossible =
        headerBytes >= LEAST_HEADER_BYTES
            && headerBytes <= MOST_HEADER_BYTES
            && Long.bitCount(headerBytes) == 1;
    if (!isPossible) {
      return checks.refuseHeaderIf(true, "has a LUKS header of an impossible size").unknownSize();
    }
    // A second copy follows the header.
    checks.refuseHeaderIf(2 * headerBytes > sizeBytes, CutOff.reason(2 * headerBytes, sizeBytes));
    var segment = LuksSegment.in(json.text());
    if (segment.isEmpty()) {
      return checks.unknownSize();
    }
    long end = segment.get().endBytes();
    return checks
        .refuseHeaderIf(end > sizeBytes, CutOff.reason(end, sizeBytes))
        .size(segment.get().diskBytes(sizeBytes));
  }
}
