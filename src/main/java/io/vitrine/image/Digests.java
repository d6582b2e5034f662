package io.vitrine.image;

import org.jspecify.annotations.Nullable;

/**
 * What the data of an image hashes to, in lower-case hexadecimal; MD5 because clients of the API
 * still ask for it, and absent where a user has told the other digest only.
 *
 * @param sha256 what most distributors tell of their images; absent where it was not computed
 */
public record Digests(
    @Nullable String md5, String algorithm, String value, @Nullable String sha256) {
  /** The algorithm of {@link #value}, by its name in the API. */
  public static final String SHA512 = "sha512";

  /** Digests without one by SHA-256. */
  public Digests(@Nullable String md5, String algorithm, String value) {
    this(md5, algorithm, value, null);
  }

  /** The same with the SHA-256 of others of the same data, if this has none. */
  public Digests completedBy(Digests same) {
    return sha256 == null ? new Digests(md5, algorithm, value, same.sha256) : this;
  }

  /** Whether both can be of the same data; told by what they have in common. */
  public boolean agreesWith(Digests other) {
    return algorithm.equals(other.algorithm) ? value.equals(other.value) : isSameMd5(other);
  }

  private boolean isSameMd5(Digests other) {
    return md5 == null || other.md5 == null || md5.equals(other.md5);
  }
}
