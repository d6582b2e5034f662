package io.vitrine.format.vhd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** A VHD made by hand, byte by byte, with the disk that it holds. */
final class TestingVhd {
  static final int HOLE = -1;
  static final int FOOTER_BYTES = 512;
  static final int HEADER_AT = 512;
  static final int TABLE_AT = 1536;

  private static final int HEADER_BYTES = 1024;
  private static final int FOOTER_CHECKSUM_AT = 64;
  private static final int HEADER_CHECKSUM_AT = 36;

  private final byte[] disk;
  private final byte[] content;
  private final ByteBuffer file;

  private TestingVhd(byte[] disk, byte[] content) {
    this.disk = disk;
    this.content = content;
    file = ByteBuffer.wrap(content);
  }

  /** A fixed image of a disk of this many bytes. */
  static TestingVhd fixed(int diskBytes) {
    var disk = random(diskBytes, 1);
    var content = Arrays.copyOf(disk, diskBytes + FOOTER_BYTES);
    return new TestingVhd(disk, content).footer(diskBytes, 2);
  }

  /**
   * A dynamic image.
   *
   * @param unusedBytes how long before its last block the disk ends
   * @param sectors where each block begins, with its bitmap
   */
  static TestingVhd dynamic(int blockBytes, int unusedBytes, int... sectors) {
    int bitmapBytes = bitmapBytes(blockBytes);
    int blocksAt = TABLE_AT + (sectors.length * Integer.BYTES + 511) / 512 * 512;
    int end =
        Arrays.stream(sectors)
            .filter(sector -> sector != HOLE)
            .map(sector -> sector * 512 + bitmapBytes + blockBytes)
            .max()
            .orElse(blocksAt);
    var disk = new byte[sectors.length * blockBytes];
    var content = new byte[end + FOOTER_BYTES];
    var file = ByteBuffer.wrap(content);
    for (int block = 0; block < sectors.length; block++) {
      file.putInt(TABLE_AT + block * Integer.BYTES, sectors[block]);
      if (sectors[block] != HOLE) {
        var bytes = random(blockBytes, block);
        System.arraycopy(bytes, 0, disk, block * blockBytes, blockBytes);
        file.put(sectors[block] * 512 + bitmapBytes, bytes);
      }
    }
    var image = new TestingVhd(Arrays.copyOf(disk, disk.length - unusedBytes), content);
    image.header(blockBytes, sectors.length);
    return image.footer(0, 3).footer(end, 3);
  }

  /** How many bytes a block's bitmap takes. */
  static int bitmapBytes(int blockBytes) {
    return (blockBytes / 4096 + 511) / 512 * 512;
  }

  private static byte[] random(int length, int seed) {
    var bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private void header(int blockBytes, int entries) {
    file.put(HEADER_AT, ascii("cxsparse")).putLong(HEADER_AT + 8, -1);
    file.putLong(HEADER_AT + 16, TABLE_AT).putInt(HEADER_AT + 24, 0x10000);
    file.putInt(HEADER_AT + 28, entries).putInt(HEADER_AT + 32, blockBytes);
    sumHeader(file);
  }

  private TestingVhd footer(int at, int type) {
    file.put(at, ascii("conectix")).putInt(at + 8, 2).putInt(at + 12, 0x10000);
    file.putLong(at + 16, type == 2 ? -1 : HEADER_AT).put(at + 28, ascii("vbox"));
    file.putLong(at + 40, disk.length).putLong(at + 48, disk.length);
    // The geometry of another disk: nothing may go by it.
    file.putShort(at + 56, (short) 1).put(at + 58, (byte) 4).put(at + 59, (byte) 17);
    file.putInt(at + 60, type);
    sumFooter(file, at);
    return this;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Makes the checksum of a footer right. */
  static void sumFooter(ByteBuffer file, int at) {
    sum(file, at, FOOTER_BYTES, FOOTER_CHECKSUM_AT);
  }

  /** Makes the checksum of the dynamic disk header right. */
  static void sumHeader(ByteBuffer file) {
    sum(file, HEADER_AT, HEADER_BYTES, HEADER_CHECKSUM_AT);
  }

  private static void sum(ByteBuffer file, int at, int length, int checksumAt) {
    file.putInt(at + checksumAt, 0);
    int sum = 0;
    for (int i = at; i < at + length; i++) {
      sum += Byte.toUnsignedInt(file.get(i));
    }
    file.putInt(at + checksumAt, ~sum);
  }

  /** Overwrites 32 bits. */
  TestingVhd with(int at, long value) {
    file.putInt(at, (int) value);
    return this;
  }

  /** Overwrites 32 bits of the footer at the start, whose checksum will be right. */
  TestingVhd withFooter(int at, long value) {
    file.putInt(at, (int) value);
    sumFooter(file, 0);
    return this;
  }

  /** Overwrites 32 bits of the footer at the end, whose checksum will be right. */
  TestingVhd withEnd(int at, long value) {
    int footer = file.capacity() - FOOTER_BYTES;
    file.putInt(footer + at, (int) value);
    sumFooter(file, footer);
    return this;
  }

  /** Overwrites 32 bits of the dynamic disk header, whose checksum will be right. */
  TestingVhd withHeader(int at, long value) {
    file.putInt(HEADER_AT + at, (int) value);
    sumHeader(file);
    return this;
  }

  /** Moves the dynamic disk header into a gap. */
  TestingVhd moveHeader(int position) {
    file.put(position, file, HEADER_AT, HEADER_BYTES);
    return with(HEADER_AT, 0).withFooter(20, position);
  }

  /** The bytes of the disk. */
  byte[] disk() {
    return disk;
  }

  /** The bytes of the file. */
  byte[] file() {
    return content;
  }
}
