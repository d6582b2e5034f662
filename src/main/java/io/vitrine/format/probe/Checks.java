package io.vitrine.format.probe;

import io.vitrine.format.block.InvalidImageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** Collects the violations found in content of one format. */
public final class Checks {
  private final ContentFormat format;
  private final List<Violation> violations = new ArrayList<>();

  /** Begins without a violation. */
  public Checks(ContentFormat format) {
    this.format = format;
  }

  /**
   * A finding for content that ends before its header does, so that nothing else can be checked.
   */
  public static Optional<DetectedFormat> truncated(ContentFormat format) {
    return new Checks(format).refuse("structure", "ends within its header").unknownSize();
  }

  /** Records a violation. */
  public Checks refuse(String check, String reason) {
    violations.add(new Violation(check, reason));
    return this;
  }

  /** Records a violation if there is one. */
  public Checks refuseIf(boolean isBad, String check, String reason) {
    return isBad ? refuse(check, reason) : this;
  }

  /** Records a header value that contradicts the format or the length of the content. */
  public Checks refuseHeaderIf(boolean isBad, String reason) {
    return refuseIf(isBad, "structure", reason);
  }

  /** Records that the content ends before something that must be in it. */
  public Checks refuseIfShorter(long sizeBytes, long neededBytes) {
    var cutOff = InvalidImageException.cutOff(neededBytes, sizeBytes);
    return refuseHeaderIf(sizeBytes < neededBytes, Objects.requireNonNull(cutOff.getMessage()));
  }

  /** Completes the finding without a virtual size. */
  public Optional<DetectedFormat> unknownSize() {
    return Optional.of(new DetectedFormat(format, "", OptionalLong.empty(), violations));
  }

  /** Completes the finding with a virtual size, which a hostile header may have made negative. */
  public Optional<DetectedFormat> size(long virtualSizeBytes) {
    return size(virtualSizeBytes, "");
  }

  /** The same with the kind within the format. */
  public Optional<DetectedFormat> size(long virtualSizeBytes, String variant) {
    refuseHeaderIf(virtualSizeBytes < 0, "has an impossible virtual size");
    var size = virtualSizeBytes < 0 ? OptionalLong.empty() : OptionalLong.of(virtualSizeBytes);
    return Optional.of(new DetectedFormat(format, variant, size, violations));
  }

  /** Whether a table at the offset lies within the content; safe against overflow. */
  public static boolean isWithin(long offset, long lengthBytes, long sizeBytes) {
    return offset >= 0 && lengthBytes >= 0 && offset <= sizeBytes - lengthBytes;
  }

  /** The length of the 512-byte sectors in bytes, or -1 on overflow. */
  public static long sectors(long count) {
    return count < 0 || count > Long.MAX_VALUE / 512 ? -1 : count * 512;
  }
}
