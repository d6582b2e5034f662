package io.vitrine.format.content;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Where the encrypted disk lies in a LUKS 2 device.
 *
 * @param offsetBytes of its first byte, at least 0
 * @param sizeBytes its length, at least 0; absent if it ends with the device
 */
record LuksSegment(long offsetBytes, OptionalLong sizeBytes) {
  /** The object of segments if it has one member without objects inside. */
  private static final Pattern ONLY_SEGMENT =
      Pattern.compile("\"segments\"\\s*+:\\s*+\\{\\s*+\"\\d++\"\\s*+:\\s*+\\{([^{}]*+)}\\s*+}");

  /** Numbers of at most 18 digits, so that the sum of two is a long. */
  private static final Pattern OFFSET = Pattern.compile("\"offset\"\\s*+:\\s*+\"(\\d{1,18})\"");

  private static final Pattern SIZE =
      Pattern.compile("\"size\"\\s*+:\\s*+\"(?:dynamic|(\\d{1,18}))\"");

  /** The only segment that the JSON of the header describes; empty if it is not that simple. */
  static Optional<LuksSegment> in(String json) {
    var only = ONLY_SEGMENT.matcher(json);
    if (!only.find()) {
      return Optional.empty();
    }
    var offset = OFFSET.matcher(only.group(1));
    var size = SIZE.matcher(only.group(1));
    if (!offset.find() || !size.find()) {
      return Optional.empty();
    }
    var length = Optional.ofNullable(size.group(1)).map(Long::parseLong);
    return Optional.of(
        new LuksSegment(
            Long.parseLong(offset.group(1)),
            length.isPresent() ? OptionalLong.of(length.get()) : OptionalLong.empty()));
  }

  /** The least length of the device. */
  long endBytes() {
    return offsetBytes + sizeBytes.orElse(0);
  }

  /** The size of the disk in a device of this length; 0 if it does not reach that far. */
  long diskBytes(long deviceBytes) {
    long left = Math.max(0, deviceBytes - offsetBytes);
    return Math.min(left, sizeBytes.orElse(left));
  }
}
