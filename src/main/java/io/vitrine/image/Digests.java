package io.vitrine.image;

import org.jspecify.annotations.Nullable;

/**
 * The digests of an image's data, in lower-case hexadecimal. MD5 is there because clients of the
 * API still ask for it; it is absent where a user declared only the other digest.
 *
 * @param algorithm the algorithm of the value, by its name in the API; images that another service
 *     hashed may have any
 * @param sha256 the digest that most distributors publish; absent where it was not computed
 */
public record Digests(
    @Nullable String md5, String algorithm, String value, @Nullable String sha256) {
  /** Digests without SHA-256. */
  public Digests(@Nullable String md5, String algorithm, String value) {
    this(md5, algorithm, value, null);
  }

  /** Digests of an algorithm that this service computes, without SHA-256. */
  public Digests(@Nullable String md5, HashAlgorithm algorithm, String value) {
    this(md5, algorithm.text(), value, null);
  }

  /** Digests of an algorithm that this service computes. */
  public Digests(
      @Nullable String md5, HashAlgorithm algorithm, String value, @Nullable String sha256) {
    this(md5, algorithm.text(), value, sha256);
  }

  /** These digests, with the SHA-256 of other digests of the same data if this lacks one. */
  public Digests completedBy(Digests same) {
    return sha256 == null ? new Digests(md5, algorithm, value, same.sha256) : this;
  }

  /** Whether both can belong to the same data, as far as they share algorithms. */
  public boolean agreesWith(Digests other) {
    return algorithm.equals(other.algorithm) ? value.equals(other.value) : isSameMd5(other);
  }

  private boolean isSameMd5(Digests other) {
    return md5 == null || other.md5 == null || md5.equals(other.md5);
  }
}
