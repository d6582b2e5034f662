package io.vitrine.importer.decompress;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * A way to compress data, told by how the data begins. Streams that follow each other count as one,
 * as their programs have it.
 */
public enum Compression {
  GZIP("1f8b08"),
  /** An archive of a single file. */
  ZIP("504b0304"),
  BZIP2("425a68"),
  XZ("fd377a585a00"),
  ZSTD("28b52ffd"),
  LZ4("04224d18");

  /** How much of the beginning is looked at. */
  public static final int HEAD_BYTES = 10;

  private static final int BUFFER_BYTES = 64 << 10;

  /** What {@code xz -9} and {@code zstd --ultra -22} take, and some more. */
  private static final int MEMORY_KIB = 144 << 10;

  /** A window of 128 MiB, the largest that zstd itself accepts unless told otherwise. */
  private static final int ZSTD_WINDOW_BITS = 27;

  /** What follows the first four bytes, in hexadecimal digits: pi, and its root. */
  private static final String BZIP2_BLOCK = "314159265359";

  private static final String BZIP2_END = "177245385090";

  private final String magic;

  Compression(String magic) {
    this.magic = magic;
  }

  /** How data that begins so is compressed; empty if it is not, as far as one can see. */
  public static Optional<Compression> of(byte[] head) {
    var digits = HexFormat.of().formatHex(head);
    return Arrays.stream(values()).filter(each -> each.begins(digits)).findFirst();
  }

  private boolean begins(String digits) {
    return digits.startsWith(magic)
        && (this != BZIP2 || digits.startsWith(BZIP2_BLOCK, 8) || digits.startsWith(BZIP2_END, 8));
  }

  /** Its name, as in messages. */
  public String text() {
    return switch (this) {
      case GZIP -> "gzip";
      case ZIP -> "zip";
      case BZIP2 -> "bzip2";
      case XZ -> "xz";
      case ZSTD -> "zstd";
      case LZ4 -> "lz4";
    };
  }

  /** Opens the compressed data; neither this nor reading needs more memory than is allowed. */
  InputStream open(InputStream data) throws IOException {
    return switch (this) {
      // Skips names and comments of any length, which the library's own keeps in memory.
      case GZIP -> new GZIPInputStream(data, BUFFER_BYTES);
      case ZIP -> SingleMember.open(data);
      case BZIP2 -> new BZip2CompressorInputStream(data, true);
      case XZ -> new XZInputStream(data, MEMORY_KIB);
      case ZSTD -> new ZstdInputStreamNoFinalizer(data).setLongMax(ZSTD_WINDOW_BITS);
      case LZ4 -> new FramedLZ4CompressorInputStream(data, true);
    };
  }
}
