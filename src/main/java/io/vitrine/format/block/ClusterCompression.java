package io.vitrine.format.block;

/** How the data of a written image is compressed, unit by unit. */
public enum ClusterCompression {
  /** Not at all. */
  NONE,
  /** Deflate (RFC 1951). */
  ZLIB,
  /** Zstandard (RFC 8878). */
  ZSTD
}
