package io.vitrine.image;

import org.jspecify.annotations.Nullable;

/**
 * What the data of an image hashes to, in lower-case hexadecimal; MD5 because clients of the API
 * still ask for it, and absent where a user has told the other digest only.
 */
public record Digests(@Nullable String md5, String algorithm, String value) {
  /** The algorithm of {@link #value}, by its name in the API. */
  public static final String SHA512 = "sha512";

  /** Whether both can be of the same data; told by what they have in common. */
  public boolean agreesWith(Digests other) {
    return algorithm.equals(other.algorithm) ? value.equals(other.value) : isSameMd5(other);
  }

  private boolean isSameMd5(Digests other) {
    return md5 == null || other.md5 == null || md5.equals(other.md5);
  }
}
