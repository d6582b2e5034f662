package io.vitrine.importer.decompress;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAOutputStream;
import org.tukaani.xz.XZOutputStream;

/** Compressed data, honest and not. */
public final class TestingArchives {
  public static final int MIB = 1 << 20;

  private TestingArchives() {}

  /** Bytes of which a third can be compressed. */
  public static byte[] data(int length) {
    var data = new byte[length];
    new Random(7).nextBytes(data);
    Arrays.fill(data, length / 3, length / 3 * 2, (byte) 0);
    return data;
  }

  /** The data as one stream, or one archive with a single member. */
  public static byte[] compress(Compression compression, byte[] data) throws IOException {
    return switch (compression) {
      case GZIP -> through(GZIPOutputStream::new, data);
      case ZIP -> zip("image", data);
      case LHA -> TestingLha.archive(TestingLha.stored(data));
      case BZIP2 -> through(BZip2CompressorOutputStream::new, data);
      case XZ -> through(out -> new XZOutputStream(out, new LZMA2Options(0)), data);
      case ZSTD -> through(ZstdOutputStream::new, data);
      case LZ4 -> through(FramedLZ4CompressorOutputStream::new, data);
      case LZ4_LEGACY -> legacyLz4(data);
      case LZMA -> through(out -> new LZMAOutputStream(out, new LZMA2Options(0), -1), data);
    };
  }

  /** The data as blocks of 8 MiB, as {@code lz4 -l} writes them. */
  private static byte[] legacyLz4(byte[] data) throws IOException {
    return legacyLz4(data, 8 * MIB);
  }

  /** The same with blocks of another length. */
  public static byte[] legacyLz4(byte[] data, int blockBytes) throws IOException {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(HexFormat.of().parseHex("02214c18"));
    for (int at = 0; at < data.length; at += blockBytes) {
      var part = Arrays.copyOfRange(data, at, Math.min(data.length, at + blockBytes));
      var block = through(BlockLZ4CompressorOutputStream::new, part);
      bytes.writeBytes(little(block.length));
      bytes.writeBytes(block);
    }
    return bytes.toByteArray();
  }

  /** A frame that zstd and LZ4 readers skip, with zeros in it. */
  public static byte[] skippable(int length) {
    return join(HexFormat.of().parseHex("5e2a4d18"), little(length), new byte[length]);
  }

  /** What pzstd writes: before each frame, a skippable one that tells its length. */
  public static byte[] pzstd(byte[]... parts) throws IOException {
    var whole = new byte[0];
    for (var part : parts) {
      var frame = compress(Compression.ZSTD, part);
      whole = join(whole, HexFormat.of().parseHex("502a4d1804000000"), little(frame.length), frame);
    }
    return whole;
  }

  /** The parts one after the other. */
  public static byte[] join(byte[]... parts) {
    var whole = new ByteArrayOutputStream();
    for (var part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }

  private static byte[] little(int number) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
  }

  private static byte[] through(Opening opening, byte[] data) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var compressing = opening.open(bytes)) {
      compressing.write(data);
    }
    return bytes.toByteArray();
  }

  private interface Opening {
    OutputStream open(OutputStream out) throws IOException;
  }

  /** A zip archive of members with names, all with this data; a name that ends in / has none. */
  public static byte[] zip(String name, byte[] data, String... more) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var archive = new ZipOutputStream(bytes)) {
      put(archive, name, data);
      for (var each : more) {
        put(archive, each, data);
      }
    }
    return bytes.toByteArray();
  }

  private static void put(ZipOutputStream archive, String name, byte[] data) throws IOException {
    archive.putNextEntry(new ZipEntry(name));
    archive.write(name.endsWith("/") ? new byte[0] : data);
    archive.closeEntry();
  }

  /** So many zeros, in the format, in as many equal streams. */
  public static byte[] zeros(Compression compression, int bytesEach, int streams)
      throws IOException {
    return repeat(compress(compression, new byte[bytesEach]), streams);
  }

  /** The part so many times. */
  public static byte[] repeat(byte[] part, int times) {
    var whole = ByteBuffer.allocate(part.length * times);
    for (int i = 0; i < times; i++) {
      whole.put(part);
    }
    return whole.array();
  }

  /** An xz stream that asks for a dictionary of 256 MiB. */
  public static byte[] greedyXz() throws IOException {
    var xz = compress(Compression.XZ, new byte[100]);
    int header = 12;
    int length = (xz[header] + 1) * 4 - 4;
    xz[header + 4] = 32;
    var checksum = new CRC32();
    checksum.update(xz, header, length);
    ByteBuffer.wrap(xz)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(header + length, (int) checksum.getValue());
    return xz;
  }

  /** A .lzma stream that asks for a dictionary of 256 MiB. */
  public static byte[] greedyLzma() throws IOException {
    var lzma = compress(Compression.LZMA, new byte[100]);
    lzma[3] = 0;
    lzma[4] = 0x10;
    return lzma;
  }

  /** A zstd frame that asks for a window of 2 GiB. */
  public static byte[] greedyZstd() {
    return HexFormat.of().parseHex("28b52ffd" + "00" + "a8" + "090000" + "78");
  }
}
