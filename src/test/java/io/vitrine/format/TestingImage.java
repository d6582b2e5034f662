package io.vitrine.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** Content made by hand: a sound image of each format, whose bytes a test may then spoil. */
final class TestingImage {
  static final long DISK_BYTES = 10L << 20;

  static final String DESCRIPTOR =
      """
      # Disk DescriptorFile
      version=1
      CID=9faadee1
      parentCID=ffffffff
      createType="monolithicSparse"

      # Extent description
      RW 20480 SPARSE "disk.vmdk"

      ddb.adapterType = "ide"
      """;

  private final byte[] bytes;
  private final ByteBuffer buffer;

  private TestingImage(byte[] bytes, ByteOrder order) {
    this.bytes = bytes;
    buffer = ByteBuffer.wrap(bytes).order(order);
  }

  static TestingImage zeros(int length) {
    return new TestingImage(new byte[length], ByteOrder.LITTLE_ENDIAN);
  }

  static TestingImage qcow2() {
    return new TestingImage(new byte[4 << 16], ByteOrder.BIG_ENDIAN)
        .text(0, "QFI")
        .int8(3, 0xfb)
        .int32(4, 3)
        .int32(20, 16)
        .int64(24, DISK_BYTES)
        .int32(36, 1)
        .int64(40, 3 << 16)
        .int64(48, 1 << 16)
        .int32(56, 1)
        .int32(100, 104);
  }

  static TestingImage vhd() {
    var image = new TestingImage(new byte[4096], ByteOrder.BIG_ENDIAN);
    return image.vhdFooter(0, DISK_BYTES, 3).vhdFooter(4096 - 512, DISK_BYTES, 3);
  }

  /** A fixed VHD around the content. */
  static TestingImage fixedVhd(TestingImage content) {
    var disk = content.toBytes();
    return new TestingImage(Arrays.copyOf(disk, disk.length + 512), ByteOrder.BIG_ENDIAN)
        .vhdFooter(disk.length, disk.length, 2);
  }

  static TestingImage vhdx() {
    return zeros(3 << 20)
        .text(0, "vhdxfile")
        .text(192 << 10, "regi")
        .int32((192 << 10) + 8, 2)
        .hex((192 << 10) + 16, "6677c22d23f600429d64115e9bfd4a08")
        .hex((192 << 10) + 48, "06a27c8b90479a4bb8fe575f050f886e")
        .int64((192 << 10) + 64, 2 << 20)
        .text(2 << 20, "metadata")
        .int16((2 << 20) + 10, 2)
        .hex((2 << 20) + 32, "3767a1ca36fa434db3b633f0aa44e76b")
        .int32((2 << 20) + 48, 64 << 10)
        .hex((2 << 20) + 64, "2442a52f1bcd7648b2115dbed83bf4b8")
        .int32((2 << 20) + 80, (64 << 10) + 8)
        .int32((2 << 20) + (64 << 10), 8 << 20)
        .int64((2 << 20) + (64 << 10) + 8, DISK_BYTES)
        .sealed();
  }

  /** Makes the checksum of a VHDX's region table right. */
  TestingImage sealed() {
    seal(bytes);
    return this;
  }

  /** The same for bytes, if they reach there. */
  static void seal(byte[] image) {
    int at = 192 << 10;
    if (image.length >= 2 * at) {
      var table = ByteBuffer.wrap(image, at, 64 << 10).order(ByteOrder.LITTLE_ENDIAN);
      var checksum = new CRC32C();
      checksum.update(table.putInt(at + 4, 0));
      table.putInt(at + 4, (int) checksum.getValue());
    }
  }

  static TestingImage vmdk() {
    return vmdk(DESCRIPTOR);
  }

  static TestingImage vmdk(String descriptor) {
    return zeros(64 << 10).sparseHeader(0).text(512, descriptor);
  }

  static TestingImage streamOptimized() {
    return vmdk(DESCRIPTOR.replace("monolithicSparse", "streamOptimized"))
        .int64(56, -1)
        .int32((64 << 10) - 1536 + 12, 3)
        .sparseHeader((64 << 10) - 1024);
  }

  static TestingImage vdi() {
    return zeros(4096)
        .text(0, "<<< Oracle VM VirtualBox Disk Image >>>\n")
        .hex(0x40, "7f10dabe")
        .int32(0x4c, 1)
        .int64(0x170, DISK_BYTES);
  }

  static TestingImage iso() {
    return zeros(64 << 10).int8(32 << 10, 1).text((32 << 10) + 1, "CD001");
  }

  /** An ISO whose volume has this many blocks of 2 KiB. */
  static TestingImage iso(int blocks) {
    return iso().isoVolume(32 << 10, blocks);
  }

  /** Completes the primary volume descriptor at the offset. */
  TestingImage isoVolume(int at, int blocks) {
    return int8(at, 1)
        .text(at + 1, "CD001")
        .int32(at + 80, blocks)
        .int32(at + 84, Integer.reverseBytes(blocks))
        .int16(at + 128, 2048)
        .int16(at + 130, Short.reverseBytes((short) 2048));
  }

  static TestingImage gpt() {
    return zeros(64 << 10).partition(0, 0, 0xee).int32(446 + 8, 1).hex(510, "55aa");
  }

  static TestingImage mbr() {
    return zeros(64 << 10).partition(0, 0x80, 0x83).partition(1, 0, 0x82).hex(510, "55aa");
  }

  static TestingImage luks() {
    return new TestingImage(new byte[64 << 10], ByteOrder.BIG_ENDIAN)
        .text(0, "LUKS")
        .hex(4, "babe")
        .int16(6, 1)
        .int32(104, 8);
  }

  /** LUKS 2 with a header of 16 KiB, a copy of it, and an encrypted disk to the end. */
  static TestingImage luks2() {
    return luks2(
        """
        {"keyslots":{"0":{"type":"luks2","area":{"type":"raw","offset":"32768","size":"258048"}}},\
        "tokens":{},"segments":{"0":{"type":"crypt","offset":"32768","size":"dynamic",\
        "iv_tweak":"0","encryption":"aes-xts-plain64","sector_size":512}},"digests":{}}\
        """);
  }

  static TestingImage luks2(String json) {
    return new TestingImage(new byte[64 << 10], ByteOrder.BIG_ENDIAN)
        .text(0, "LUKS")
        .hex(4, "babe")
        .int16(6, 2)
        .int64(8, 16 << 10)
        .text(4096, json);
  }

  static TestingImage qed() {
    return zeros(4096).text(0, "QED");
  }

  TestingImage partition(int index, int bootFlag, int type) {
    var at = 446 + 16 * index;
    return int8(at, bootFlag).int8(at + 2, 2).int8(at + 4, type).int32(at + 8, 2048);
  }

  TestingImage sparseHeader(int at) {
    return text(at, "KDMV")
        .int32(at + 4, 3)
        .int64(at + 12, DISK_BYTES / 512)
        .int64(at + 20, 128)
        .int64(at + 28, 1)
        .int64(at + 36, 20)
        .int32(at + 44, 512)
        .int64(at + 56, 26);
  }

  private TestingImage vhdFooter(int at, long diskBytes, int type) {
    text(at, "conectix").int64(at + 40, diskBytes).int64(at + 48, diskBytes).int32(at + 60, type);
    var sum = 0;
    for (var i = 0; i < 512; i++) {
      sum += Byte.toUnsignedInt(bytes[at + i]);
    }
    return int32(at + 64, ~sum);
  }

  TestingImage int8(int at, int value) {
    buffer.put(at, (byte) value);
    return this;
  }

  TestingImage int16(int at, int value) {
    buffer.putShort(at, (short) value);
    return this;
  }

  TestingImage int32(int at, long value) {
    buffer.putInt(at, (int) value);
    return this;
  }

  TestingImage int64(int at, long value) {
    buffer.putLong(at, value);
    return this;
  }

  TestingImage text(int at, String text) {
    buffer.put(at, text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  TestingImage hex(int at, String hex) {
    buffer.put(at, HexFormat.of().parseHex(hex));
    return this;
  }

  /** Code that no partition table looks like, where one would be. */
  TestingImage code() {
    return hex(446, "e8c3be7d5a2f91".repeat(9));
  }

  /** Cuts it, or appends zeros. */
  TestingImage cutTo(int length) {
    return new TestingImage(Arrays.copyOf(bytes, length), buffer.order());
  }

  byte[] toBytes() {
    return bytes.clone();
  }

  Inspection inspect() {
    return TestingInspection.inspect(bytes);
  }
}
