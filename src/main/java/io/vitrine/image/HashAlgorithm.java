package io.vitrine.image;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/** The hash algorithms of digests, claims and signatures. */
public enum HashAlgorithm {
  /** Broken, but clients of the API still ask for it. */
  MD5("md5", "MD5", 16),
  /** Broken; only in claims of users. */
  SHA1("sha1", "SHA-1", 20),
  /** Only in signatures. */
  SHA224("sha224", "SHA-224", 28),
  /** The one that most distributors publish. */
  SHA256("sha256", "SHA-256", 32),
  /** Only in signatures, and in digests of images that another service hashed. */
  SHA384("sha384", "SHA-384", 48),
  /** The one that images are identified by. */
  SHA512("sha512", "SHA-512", 64);

  private final String text;
  private final String javaName;
  private final int bytes;

  HashAlgorithm(String text, String javaName, int bytes) {
    this.text = text;
    this.javaName = javaName;
    this.bytes = bytes;
  }

  /** The algorithm of this name in the API. */
  public static Optional<HashAlgorithm> find(String text) {
    return Arrays.stream(values()).filter(each -> each.text.equals(text)).findFirst();
  }

  /** The algorithm of this JCA name, which is also its name in signatures. */
  public static Optional<HashAlgorithm> findJava(String javaName) {
    return Arrays.stream(values()).filter(each -> each.javaName.equals(javaName)).findFirst();
  }

  /** The name in the API. */
  public String text() {
    return text;
  }

  /** The JCA name. */
  public String javaName() {
    return javaName;
  }

  /** The length of a digest, in bytes. */
  public int bytes() {
    return bytes;
  }

  /** The length of a digest in hexadecimal. */
  public int digits() {
    return 2 * bytes;
  }

  /** A new computation of a digest. */
  public MessageDigest begin() {
    try {
      return MessageDigest.getInstance(javaName);
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every Java has " + javaName, impossible);
    }
  }
}
