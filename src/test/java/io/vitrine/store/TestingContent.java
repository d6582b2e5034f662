package io.vitrine.store;

import io.vertx.core.buffer.Buffer;
import io.vitrine.image.Digests;
import io.vitrine.image.HashAlgorithm;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/** Data without a format, and what it should hash to. */
public final class TestingContent {
  private TestingContent() {}

  public static Buffer bytes(int size) {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return Buffer.buffer(bytes);
  }

  /** Cuts data into pieces whose sizes follow each other in turn. */
  static Iterator<Buffer> pieces(Buffer content, List<Integer> sizes) {
    return new Iterator<>() {
      private int position;
      private int turn;

      @Override
      public boolean hasNext() {
        return position < content.length();
      }

      @Override
      public Buffer next() {
        int end = Math.min(content.length(), position + sizes.get(turn++ % sizes.size()));
        var piece = content.getBuffer(position, end);
        position = end;
        return piece;
      }
    };
  }

  /** Cuts data into pieces of one size. */
  static Iterator<Buffer> pieces(Buffer content, int size) {
    return pieces(content, List.of(size));
  }

  static Digests digests(Buffer content) {
    return new Digests(
        hash("MD5", content),
        HashAlgorithm.SHA512,
        hash("SHA-512", content),
        hash("SHA-256", content));
  }

  private static String hash(String algorithm, Buffer content) {
    try {
      var digest = MessageDigest.getInstance(algorithm);
      return HexFormat.of().formatHex(digest.digest(content.getBytes()));
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
