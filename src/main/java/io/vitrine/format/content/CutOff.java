package io.vitrine.format.content;

/** What to say of content that ends too early. */
final class CutOff {
  private CutOff() {}

  /** The reason, with both lengths in bytes. */
  static String reason(long needed, long found) {
    return "is cut off: needs %d bytes, has %d".formatted(needed, found);
  }
}
