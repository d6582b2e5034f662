package io.vitrine.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Collects what is wrong with content of one format on the way to its finding. */
final class Checks {
  private final ContentFormat format;
  private final List<Violation> violations = new ArrayList<>();

  Checks(ContentFormat format) {
    this.format = format;
  }

  /** Content that is cut off before its header ends, so that nothing else can be said. */
  static Optional<Finding> truncated(ContentFormat format) {
    return new Checks(format).refuse("structure", "ends within its header").unknownSize();
  }

  Checks refuse(String check, String reason) {
    violations.add(new Violation(check, reason));
    return this;
  }

  Checks refuseIf(boolean isBad, String check, String reason) {
    return isBad ? refuse(check, reason) : this;
  }

  /** A value of the header contradicts the format or the length of the content. */
  Checks refuseHeaderIf(boolean isBad, String reason) {
    return refuseIf(isBad, "structure", reason);
  }

  Optional<Finding> unknownSize() {
    return Optional.of(new Finding(format, "", OptionalLong.empty(), violations));
  }

  /** The finding with a virtual size, which a hostile header may have made negative. */
  Optional<Finding> size(long virtualSizeBytes) {
    return size(virtualSizeBytes, "");
  }

  Optional<Finding> size(long virtualSizeBytes, String variant) {
    refuseHeaderIf(virtualSizeBytes < 0, "has an impossible virtual size");
    var size = virtualSizeBytes < 0 ? OptionalLong.empty() : OptionalLong.of(virtualSizeBytes);
    return Optional.of(new Finding(format, variant, size, violations));
  }

  /** Whether a table of that many bytes at the offset lies within the content; none overflows. */
  static boolean isWithin(long offset, long lengthBytes, long sizeBytes) {
    return offset >= 0 && lengthBytes >= 0 && offset <= sizeBytes - lengthBytes;
  }

  /** Sectors of 512 bytes as bytes, or -1 if there are impossibly many. */
  static long sectors(long count) {
    return count < 0 || count > Long.MAX_VALUE / 512 ? -1 : count * 512;
  }
}
