package io.vitrine.format.block;

import java.io.IOException;

/**
 * The image breaks its format, is cut off, or uses a feature that is refused. The message continues
 * the words "the image". It has no stack trace: it is an answer, not a defect.
 */
public final class InvalidImageException extends IOException {
  /** Refuses an image for a reason that continues the words "the image". */
  public InvalidImageException(String reason) {
    super(reason);
  }

  /**
   * Refuses the value of a field.
   *
   * @param field the field's name in the format's specification
   * @param offset where it lies in the file, in bytes
   * @param fault what is wrong with it, such as "40 is not between 9 and 21"
   */
  public static InvalidImageException inField(String field, long offset, String fault) {
    return new InvalidImageException(
        "is corrupt: %s at offset %d: %s".formatted(field, offset, fault));
  }

  /** The file ends before something that must be in it. */
  public static InvalidImageException cutOff(long neededBytes, long sizeBytes) {
    return new InvalidImageException(
        "is cut off: needs %d bytes, has %d".formatted(neededBytes, sizeBytes));
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
