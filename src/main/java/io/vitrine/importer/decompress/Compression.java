package io.vitrine.importer.decompress;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * A compression format, recognised by its first bytes. Concatenated streams count as one, as in the
 * command line tools, except of .lzma.
 */
public enum Compression {
  /** RFC 1952. */
  GZIP("1f8b08"),
  /** An archive with exactly one file. */
  ZIP("504b0304"),
  /** An archive with exactly one file; it has no signature but a header that begins like one. */
  LHA(""),
  /** Told from chance matches by its first block's signature as well. */
  BZIP2("425a68"),
  /** The .xz format. */
  XZ("fd377a585a00"),
  /** Zstandard frames (RFC 8878). */
  ZSTD("28b52ffd"),
  /** LZ4 frames. */
  LZ4("04224d18"),
  /** What {@code lz4 -l} writes, and Linux has in kernels and ramdisks. */
  LZ4_LEGACY("02214c18"),
  /** The .lzma format, which has no signature: any data with a sound header that can be decoded. */
  LZMA("");

  /** How many bytes {@link #of} looks at. */
  public static final int HEAD_BYTES = 512;

  /** Slightly more than {@code xz -9} and {@code zstd --ultra -22} need. */
  static final int MEMORY_KIB = 144 << 10;

  private static final int BUFFER_BYTES = 64 << 10;

  /** 128 MiB: the largest window that zstd accepts by default. */
  private static final int ZSTD_WINDOW_BITS = 27;

  /** What follows the first four bytes, in hexadecimal: the digits of pi, or of its square root. */
  private static final String BZIP2_BLOCK = "314159265359";

  private static final String BZIP2_END = "177245385090";

  private final String magic;

  Compression(String magic) {
    this.magic = magic;
  }

  /**
   * The format that the bytes begin with; empty if none is recognised. What follows {@link
   * SkippableFrames} is not told by them.
   */
  public static Optional<Compression> of(byte[] head) {
    var digits = HexFormat.of().formatHex(head);
    return Arrays.stream(values())
        .filter(each -> digits.startsWith(each.magic) && each.begins(head, digits))
        .findFirst();
  }

  private boolean begins(byte[] head, String digits) {
    return switch (this) {
      case GZIP, ZIP, XZ, ZSTD, LZ4 -> true;
      case BZIP2 -> digits.startsWith(BZIP2_BLOCK, 8) || digits.startsWith(BZIP2_END, 8);
      case LZ4_LEGACY -> LegacyLz4.begins(head);
      case LHA -> LhaHeader.begins(head);
      case LZMA -> LzmaAlone.begins(head);
    };
  }

  /** The name in messages. */
  public String text() {
    return switch (this) {
      case GZIP -> "gzip";
      case ZIP -> "zip";
      case LHA -> "lha";
      case BZIP2 -> "bzip2";
      case XZ -> "xz";
      case ZSTD -> "zstd";
      case LZ4, LZ4_LEGACY -> "lz4";
      case LZMA -> "lzma";
    };
  }

  /**
   * Whether its data may begin with {@link SkippableFrames}. Its decoder skips them there and
   * between frames.
   */
  boolean maySkip() {
    return switch (this) {
      case ZSTD, LZ4, LZ4_LEGACY -> true;
      case GZIP, ZIP, LHA, BZIP2, XZ, LZMA -> false;
    };
  }

  /** Opens the compressed data; reading needs no more memory than the limits above. */
  InputStream open(InputStream data) throws IOException {
    return switch (this) {
      // Skips names and comments of any length; the library's own stream keeps them in memory.
      case GZIP -> new GZIPInputStream(data, BUFFER_BYTES);
      case ZIP -> SingleMember.open(data);
      case LHA -> LhaMember.open(data);
      case BZIP2 -> new BZip2CompressorInputStream(data, true);
      case XZ -> new XZInputStream(data, MEMORY_KIB);
      case ZSTD -> new ZstdInputStreamNoFinalizer(data).setLongMax(ZSTD_WINDOW_BITS);
      case LZ4, LZ4_LEGACY -> new Lz4Frames(data);
      case LZMA -> LzmaAlone.open(data);
    };
  }
}
