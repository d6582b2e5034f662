package io.vitrine.importer.qemu;

import static io.vitrine.image.problem.ProblemException.unsupportedContent;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.vitrine.image.problem.Problem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Refuses image files before qemu-img opens them: those that refer to other files, since it would
 * read those with our rights (CVE-2015-5163, CVE-2022-47951, CVE-2024-32498), and VDI files that
 * are cut off, since it would read zeros there.
 */
final class StandaloneImage {
  private static final int QCOW2_MAGIC = 0x514649fb; // "QFI\xfb"
  private static final long QCOW2_EXTERNAL_DATA = 1 << 2;
  private static final int VMDK4_MAGIC = 0x4b444d56; // "KDMV"
  private static final int SECTOR_BYTES = 512;
  private static final int MAX_DESCRIPTOR_BYTES = 1 << 20;

  /** Fields of a VDI header, by VirtualBox's VDICore.h: little-endian, unsigned, 32 bits. */
  private static final int VDI_DATA_OFFSET = 0x158;

  private static final int VDI_BLOCK_BYTES = 0x178;
  private static final int VDI_ALLOCATED_BLOCKS = 0x184;

  private StandaloneImage() {}

  /** Fails with {@link Problem.UnsupportedContent}. */
  static void require(Path file, String format) throws IOException {
    try (var source = new RandomAccessFile(file.toFile(), "r")) {
      switch (format) {
        case "qcow2" -> requireQcow2(ByteBuffer.wrap(read(source, 0, 104)));
        case "vmdk" -> requireVmdk(source, ByteBuffer.wrap(read(source, 0, SECTOR_BYTES)));
        case "vdi" -> requireVdi(source, ByteBuffer.wrap(read(source, 0, SECTOR_BYTES)));
        default -> {
          // raw, vhd and vhdx contain their data; qemu opens no parents of vhd and vhdx.
        }
      }
    }
  }

  /** Layout: docs/interop/qcow2.rst of QEMU. */
  private static void requireQcow2(ByteBuffer header) {
    require(header.getInt(0) == QCOW2_MAGIC, "The data is not a valid qcow2 image.");
    require(header.getLong(8) == 0, "Images with a backing file cannot be used.");
    boolean external = header.getInt(4) >= 3 && (header.getLong(72) & QCOW2_EXTERNAL_DATA) != 0;
    require(!external, "Images with an external data file cannot be used.");
  }

  /**
   * Layout: VMware's "Virtual Disk Format 5.0". Without a capacity the file is a mere descriptor.
   */
  private static void requireVmdk(RandomAccessFile source, ByteBuffer header) throws IOException {
    require(
        header.getInt(0) == VMDK4_MAGIC, "Only vmdk images of a single sparse file can be used.");
    header.order(ByteOrder.LITTLE_ENDIAN);
    require(header.getLong(12) != 0, "Only vmdk images of a single sparse file can be used.");
    long sector = header.getLong(28);
    long sectors = Math.clamp(header.getLong(36), 0, MAX_DESCRIPTOR_BYTES / SECTOR_BYTES);
    require(
        sector >= 0 && sector <= source.length() / SECTOR_BYTES,
        "The data is not a valid vmdk image.");
    var descriptor = read(source, sector * SECTOR_BYTES, (int) sectors * SECTOR_BYTES);
    boolean hasParent = new String(descriptor, ISO_8859_1).contains("parentFileNameHint");
    require(!hasParent, "Images with a backing file cannot be used.");
  }

  private static void requireVdi(RandomAccessFile source, ByteBuffer header) throws IOException {
    header.order(ByteOrder.LITTLE_ENDIAN);
    long blockBytes = Integer.toUnsignedLong(header.getInt(VDI_BLOCK_BYTES));
    long blocks = Integer.toUnsignedLong(header.getInt(VDI_ALLOCATED_BLOCKS));
    long data = source.length() - Integer.toUnsignedLong(header.getInt(VDI_DATA_OFFSET));
    require(
        blockBytes == 0 || data / blockBytes >= blocks, // qemu-img refuses a block of no bytes
        "The data is not a valid vdi image: it has been cut off.");
  }

  /** The available bytes, padded with zeros. */
  private static byte[] read(RandomAccessFile source, long offset, int length) throws IOException {
    var bytes = new byte[length];
    source.seek(offset);
    int filled = 0;
    for (int read = 0; read >= 0 && filled < length; filled += Math.max(read, 0)) {
      read = source.read(bytes, filled, length - filled);
    }
    return bytes;
  }

  private static void require(boolean holds, String detail) {
    if (!holds) {
      throw unsupportedContent(detail);
    }
  }
}
