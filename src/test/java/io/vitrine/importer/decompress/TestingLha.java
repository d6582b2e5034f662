package io.vitrine.importer.decompress;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** LHA archives made by hand. */
final class TestingLha {
  private static final byte[] NAME = "image".getBytes(US_ASCII);

  private TestingLha() {}

  /** A member. */
  static final class Member {
    private final String method;
    private final byte[] packed;
    private final long sizeBytes;
    private final int checksum;

    /** Of compressed data, with the size and the checksum of the data. */
    Member(String method, byte[] packed, long sizeBytes, int checksum) {
      this.method = method;
      this.packed = packed.clone();
      this.sizeBytes = sizeBytes;
      this.checksum = checksum;
    }
  }

  static Member stored(byte[] data) {
    return new Member("-lh0-", data, data.length, checksum(data));
  }

  static Member directory() {
    return new Member("-lhd-", new byte[0], 0, 0);
  }

  static int checksum(byte[] data) {
    var checksum = new Crc16();
    checksum.update(data, 0, data.length);
    return checksum.value();
  }

  /** An archive with headers of level 2. */
  static byte[] archive(Member... members) {
    return archive(2, members);
  }

  static byte[] archive(int level, Member... members) {
    var archive = new ByteArrayOutputStream();
    for (var member : members) {
      archive.writeBytes(header(level, member));
      archive.writeBytes(member.packed);
    }
    archive.write(0);
    return archive.toByteArray();
  }

  private static byte[] header(int level, Member member) {
    return switch (level) {
      case 0 -> summed(base(level, member, 0).put(22 + NAME.length + 2, (byte) 'U'), 32);
      case 1 -> level1(member);
      default -> level2(level, member);
    };
  }

  /** What all levels begin with, and the name and checksum of levels 0 and 1. */
  private static ByteBuffer base(int level, Member member, int extensions) {
    var header = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
    header.put(2, member.method.getBytes(US_ASCII));
    header.putInt(7, member.packed.length + extensions).putInt(11, (int) member.sizeBytes);
    header.put(19, (byte) 0x20).put(20, (byte) level);
    if (level < 2) {
      header.put(21, (byte) NAME.length).put(22, NAME);
      header.putShort(22 + NAME.length, (short) member.checksum);
    }
    return header;
  }

  private static byte[] summed(ByteBuffer header, int length) {
    int sum = 0;
    for (int i = 2; i < length; i++) {
      sum += header.get(i);
    }
    header.put(0, (byte) (length - 2)).put(1, (byte) sum);
    return bytes(header, length);
  }

  private static byte[] bytes(ByteBuffer header, int length) {
    var bytes = new byte[length];
    header.get(0, bytes);
    return bytes;
  }

  /** With two extensions: a comment of two bytes, and an empty one. */
  private static byte[] level1(Member member) {
    var header = base(1, member, 8).put(29, (byte) 'U').putShort(30, (short) 5);
    var extensions = new byte[] {0x3f, 'h', 'i', 3, 0, 0x71, 0, 0};
    return TestingArchives.join(summed(header, 32), extensions);
  }

  /** With its own checksum, and the lengths once more as large ones. */
  private static byte[] level2(int level, Member member) {
    int length = 26 + 5 + 19;
    var header = base(level, member, 0).putShort(0, (short) length);
    header.putShort(21, (short) member.checksum).put(23, (byte) 'U').putShort(24, (short) 5);
    header.putShort(29, (short) 19).put(31, (byte) 0x42);
    header.putLong(32, member.packed.length).putLong(40, member.sizeBytes);
    var bytes = bytes(header, length);
    header.putShort(27, (short) checksum(bytes));
    return bytes(header, length);
  }

  /** Blocks of -lh5- that repeat a space, of 16 MiB each. */
  static Member spaces(int blocks) {
    var bits = new StringBuilder();
    for (int i = 0; i < blocks; i++) {
      // 65535 symbols; a code of lengths, unused; one symbol, a match of 256; one distance, 1.
      bits.append(bits(65535, 16)).append(bits(0, 10)).append(bits(0, 9)).append(bits(509, 9));
      bits.append(bits(0, 8));
    }
    long sizeBytes = blocks * 65535L * 256;
    return new Member("-lh5-", toBytes(bits), sizeBytes, 0);
  }

  /** A number as so many binary digits. */
  static String bits(int number, int count) {
    return Integer.toBinaryString(1 << count | number).substring(1);
  }

  /** The bytes of binary digits. */
  static byte[] toBytes(CharSequence bits) {
    var bytes = new byte[(bits.length() + 7) / 8];
    for (int i = 0; i < bits.length(); i++) {
      bytes[i / 8] |= (byte) ((bits.charAt(i) - '0') << (7 - i % 8));
    }
    return bytes;
  }
}
