package io.vitrine.format.vhdx;

import static io.vitrine.format.vhdx.TestingVhdx.MIB;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Short forms of small images of every kind, to be spoiled: the length of the file in KiB, and then
 * parts of the structures, which lie far apart in the file.
 */
public final class TestingVhdxSamples {
  private static final DiskGeometry GEOMETRY = new DiskGeometry(MIB, 4 * MIB + 512, 512);
  private static final int SIZE_BYTES = 2;
  private static final int LOG_PART_BYTES = 16 << 10;

  /** The positions of the parts; first the file identifier. */
  private static final int[] POSITIONS = {
    0,
    64 << 10,
    128 << 10,
    192 << 10,
    2 * MIB,
    2 * MIB + (64 << 10),
    3 * MIB,
    3 * MIB + (64 << 10),
    MIB
  };

  private static final int[] LENGTHS = {8, 96, 96, 160, 256, 64, 256, 64, LOG_PART_BYTES};

  private TestingVhdxSamples() {}

  /** The short forms. */
  public static List<byte[]> all() {
    var sector = new byte[4096];
    Arrays.fill(sector, (byte) 5);
    var entry = new TestingLog.Entry(3).zero(5 * MIB, 4096).data(6 * MIB, sector);
    return List.of(
        shortForm(blocks(TestingVhdx.of(GEOMETRY, 8 * MIB))),
        shortForm(blocks(TestingVhdx.metadataFirst(GEOMETRY, 8 * MIB))),
        shortForm(TestingVhdx.of(new DiskGeometry(32 * MIB, 0, 4096), 4 * MIB)),
        shortForm(
            blocks(TestingVhdx.of(GEOMETRY, 8 * MIB))
                .log(TestingLog.at(0).add(entry).add(new TestingLog.Entry(4)))));
  }

  private static TestingVhdx blocks(TestingVhdx image) {
    return image.map(0, 6 * MIB).map(1, 4 * MIB).map(2, 5 * MIB).state(3, 2).map(4, 7 * MIB);
  }

  private static byte[] shortForm(TestingVhdx image) {
    var file = image.toBytes();
    var form = ByteBuffer.allocate(SIZE_BYTES + Arrays.stream(LENGTHS).sum());
    form.order(ByteOrder.LITTLE_ENDIAN).putShort((short) (file.length >> 10));
    for (int part = 0; part < POSITIONS.length; part++) {
      form.put(file, POSITIONS[part], LENGTHS[part]);
    }
    int length = form.limit();
    while (form.get(length - 1) == 0) {
      length--;
    }
    return Arrays.copyOf(form.array(), length);
  }

  /** The length of the file. */
  public static long sizeBytes(byte[] form) {
    return form.length < SIZE_BYTES
        ? 0
        : Byte.toUnsignedLong(form[0]) << 10 | Byte.toUnsignedLong(form[1]) << 18;
  }

  /** The parts of the file by their positions, with right checksums. */
  public static SortedMap<Long, byte[]> parts(byte[] form) {
    var rest = ByteBuffer.wrap(form, Math.min(SIZE_BYTES, form.length), 0);
    rest.limit(form.length);
    var parts = new TreeMap<Long, byte[]>();
    for (int part = 0; part < POSITIONS.length; part++) {
      var bytes = new byte[Math.min(rest.remaining(), LENGTHS[part])];
      rest.get(bytes);
      parts.put((long) POSITIONS[part], bytes);
    }
    seal(parts, 64 << 10, 4096);
    seal(parts, 128 << 10, 4096);
    seal(parts, 192 << 10, 64 << 10);
    sealLog(parts);
    return parts;
  }

  private static void seal(SortedMap<Long, byte[]> parts, long position, int lengthBytes) {
    var structure = Arrays.copyOf(part(parts, position), lengthBytes);
    parts.put(position, structure);
    seal(structure, 0, lengthBytes);
  }

  private static void seal(byte[] bytes, int at, int lengthBytes) {
    var structure = ByteBuffer.wrap(bytes, at, lengthBytes).slice().order(ByteOrder.LITTLE_ENDIAN);
    structure.putInt(4, Checksum.of(List.of(structure)));
  }

  /** Only entries that lie in the part of the log that is here are sealed. */
  private static void sealLog(SortedMap<Long, byte[]> parts) {
    var log = Arrays.copyOf(part(parts, MIB), LOG_PART_BYTES);
    parts.put((long) MIB, log);
    for (int at = 0; at < log.length; at += 4096) {
      int length = ByteBuffer.wrap(log).order(ByteOrder.LITTLE_ENDIAN).getInt(at + 8);
      if (log[at] == 'l' && length >= 4096 && length <= log.length - at) {
        seal(log, at, length);
      }
    }
  }

  private static byte[] part(SortedMap<Long, byte[]> parts, long position) {
    return parts.getOrDefault(position, new byte[0]);
  }
}
