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
 * A compression format, recognised by its first bytes. Concatenated streams count as one, as in the
 * command line tools.
 */
public enum Compression {
  /** RFC 1952. */
  GZIP("1f8b08"),
  /** An archive with exactly one member. */
  ZIP("504b0304"),
  /** Told from chance matches by its first block's signature as well. */
  BZIP2("425a68"),
  /** The .xz format; the older .lzma is not recognised. */
  XZ("fd377a585a00"),
  /** Zstandard frames (RFC 8878). */
  ZSTD("28b52ffd"),
  /** LZ4 frames; the legacy format is not recognised. */
  LZ4("04224d18");

  /** How many bytes {@link #of} looks at. */
  public static final int HEAD_BYTES = 10;

  private static final int BUFFER_BYTES = 64 << 10;

  /** Slightly more than {@code xz -9} and {@code zstd --ultra -22} need. */
  private static final int MEMORY_KIB = 144 << 10;

  /** 128 MiB: the largest window that zstd accepts by default. */
  private static final int ZSTD_WINDOW_BITS = 27;

  /** What follows the first four bytes, in hexadecimal: the digits of pi, or of its square root. */
  private static final String BZIP2_BLOCK = "314159265359";

  private static final String BZIP2_END = "177245385090";

  private final String magic;

  Compression(String magic) {
    this.magic = magic;
  }

  /** The format that the bytes begin with; empty if none is recognised. */
  public static Optional<Compression> of(byte[] head) {
    var digits = HexFormat.of().formatHex(head);
    return Arrays.stream(values()).filter(each -> each.begins(digits)).findFirst();
  }

  private boolean begins(String digits) {
    return digits.startsWith(magic)
        && (this != BZIP2 || digits.startsWith(BZIP2_BLOCK, 8) || digits.startsWith(BZIP2_END, 8));
  }

  /** The name in messages. */
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

  /** Opens the compressed data; reading needs no more memory than the limits above. */
  InputStream open(InputStream data) throws IOException {
    return switch (this) {
      // Skips names and comments of any length; the library's own stream keeps them in memory.
      case GZIP -> new GZIPInputStream(data, BUFFER_BYTES);
      case ZIP -> SingleMember.open(data);
      case BZIP2 -> new BZip2CompressorInputStream(data, true);
      case XZ -> new XZInputStream(data, MEMORY_KIB);
      case ZSTD -> new ZstdInputStreamNoFinalizer(data).setLongMax(ZSTD_WINDOW_BITS);
      case LZ4 -> new FramedLZ4CompressorInputStream(data, true);
    };
  }
}
