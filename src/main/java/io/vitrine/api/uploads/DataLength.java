package io.vitrine.api.uploads;

import java.util.Optional;

/** What a request says of the length of the whole data; whatever it says must agree. */
final class DataLength {
  private DataLength() {}

  /**
   * The length, if any of these is known.
   *
   * @throws RufhException if two of them differ
   */
  @SafeVarargs
  static Optional<Long> agreed(Optional<Long>... told) {
    Optional<Long> length = Optional.empty();
    for (var each : told) {
      if (length.isPresent() && each.isPresent() && !each.equals(length)) {
        throw RufhException.inconsistentLength(
            "The data has %d bytes by one header field and %d by another."
                .formatted(length.get(), each.get()));
      }
      length = length.or(() -> each);
    }
    return length;
  }
}
