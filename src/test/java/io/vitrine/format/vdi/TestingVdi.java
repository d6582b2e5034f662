package io.vitrine.format.vdi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** A VDI made by hand, byte by byte, with the disk that it holds. */
final class TestingVdi {
  static final int FREE = -1;
  static final int ZERO = -2;

  private static final int MAP_POSITION = 512;

  private final int type;
  private final int blockBytes;
  private final int[] map;
  private final byte[] disk;
  private final Map<Integer, Integer> fields = new HashMap<>();
  private int dataPosition;

  private TestingVdi(int type, int blockBytes, int[] map) {
    this.type = type;
    this.blockBytes = blockBytes;
    this.map = map;
    disk = new byte[map.length * blockBytes];
    dataPosition = MAP_POSITION + (map.length * Integer.BYTES + 511) / 512 * 512;
  }

  /** A dynamic image with this map. */
  static TestingVdi dynamic(int blockBytes, int... map) {
    return new TestingVdi(1, blockBytes, map);
  }

  /** A static image with this many blocks. */
  static TestingVdi fixed(int blockBytes, int blocks) {
    var map = new int[blocks];
    Arrays.setAll(map, block -> block);
    return new TestingVdi(2, blockBytes, map);
  }

  /** Moves the blocks to this position. */
  TestingVdi dataAt(int position) {
    dataPosition = position;
    return this;
  }

  /** Overwrites 32 bits of the file at the end. */
  TestingVdi with(int at, long value) {
    fields.put(at, (int) value);
    return this;
  }

  /** The bytes of a disk that ends this many bytes before its last block does. */
  byte[] disk(int unusedBytes) {
    fill();
    return Arrays.copyOf(disk, disk.length - unusedBytes);
  }

  /** The bytes of the file for a disk that ends this many bytes before its last block does. */
  byte[] file(int unusedBytes) {
    fill();
    int allocated = (int) Arrays.stream(map).filter(TestingVdi::isStored).count();
    int last = Arrays.stream(map).filter(TestingVdi::isStored).max().orElse(-1);
    var content = new byte[dataPosition + (last + 1) * blockBytes];
    var file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    file.put("<<< Oracle VM VirtualBox Disk Image >>>\n".getBytes(StandardCharsets.US_ASCII));
    file.putInt(0x40, 0xbeda107f).putInt(0x44, 0x10001).putInt(0x48, 0x190).putInt(0x4c, type);
    file.putInt(0x154, MAP_POSITION).putInt(0x158, dataPosition).putInt(0x168, 512);
    file.putLong(0x170, disk.length - unusedBytes).putInt(0x178, blockBytes);
    file.putInt(0x180, map.length).putInt(0x184, allocated);
    file.putLong(0x188, 7).putLong(0x198, 8);
    for (int block = 0; block < map.length; block++) {
      file.putInt(MAP_POSITION + block * Integer.BYTES, map[block]);
      if (isStored(map[block])) {
        file.put(dataPosition + map[block] * blockBytes, disk, block * blockBytes, blockBytes);
      }
    }
    fields.forEach(file::putInt);
    return content;
  }

  private void fill() {
    for (int block = 0; block < map.length; block++) {
      if (isStored(map[block])) {
        var bytes = new byte[blockBytes];
        new Random(map[block]).nextBytes(bytes);
        System.arraycopy(bytes, 0, disk, block * blockBytes, blockBytes);
      }
    }
  }

  private static boolean isStored(int index) {
    return index != FREE && index != ZERO;
  }
}
