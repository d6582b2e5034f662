package io.vitrine.format.content;

import io.vitrine.format.probe.Checks;
import io.vitrine.format.probe.ContentFormat;
import io.vitrine.format.probe.DetectedFormat;
import io.vitrine.format.probe.Probe;
import io.vitrine.format.probe.Region;
import io.vitrine.format.probe.Tail;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A disk with a GUID or legacy partition table, recognised by its boot record (UEFI 2.10, section
 * 5.2). Its one check is named mbr.
 */
public final class GptProbe implements Probe {
  private static final int FIRST_ENTRY = 446;
  private static final int ENTRY_BYTES = 16;
  private static final int ENTRIES = 4;
  private static final int PROTECTIVE = 0xee;

  private final Region head;

  /** Recognises the format in a stream with this head. */
  public GptProbe(Region head) {
    this.head = head;
  }

  @Override
  public Optional<DetectedFormat> conclude(long sizeBytes, Tail tail) {
    if (!head.has(510, (byte) 0x55, (byte) 0xaa) || isFatBootSector()) {
      return Optional.empty();
    }
    var checks = new Checks(ContentFormat.GPT);
    var record = head.read(ByteOrder.LITTLE_ENDIAN);
    var used = 0;
    var isProtective = false;
    for (var i = 0; i < ENTRIES; i++) {
      var entry = record.slice(FIRST_ENTRY + i * ENTRY_BYTES, ENTRY_BYTES);
      var type = Byte.toUnsignedInt(entry.get(4));
      used += type == 0 ? 0 : 1 << i;
      isProtective |= type == PROTECTIVE;
      check(entry.order(ByteOrder.LITTLE_ENDIAN), type, checks);
    }
    return checks
        .refuseIf(
            isProtective && used != 1,
            "mbr",
            "has partitions besides the one that protects its GPT")
        .refuseIf(used == 0, "mbr", "has a boot record without partitions")
        .size(sizeBytes);
  }

  private static void check(ByteBuffer entry, int type, Checks checks) {
    var bootFlag = Byte.toUnsignedInt(entry.get(0));
    checks.refuseIf(
        bootFlag != 0 && bootFlag != 0x80, "mbr", "has a partition with an invalid boot flag");
    if (type == PROTECTIVE) {
      checks.refuseIf(
          entry.get(1) != 0 || entry.get(2) != 2 || entry.get(3) != 0,
          "mbr",
          "has a protective partition that does not start at cylinder 0, head 0, sector 2");
      checks.refuseIf(
          entry.getInt(8) != 1, "mbr", "has a protective partition that does not start at block 1");
    }
  }

  /**
   * A FAT boot sector has the same signature; it has two allocation tables and a fixed disk's media
   * type.
   */
  private boolean isFatBootSector() {
    return head.has(0x10, (byte) 2) && head.has(0x15, (byte) 0xf8);
  }
}
