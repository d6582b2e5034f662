package io.vitrine.image;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a project says to an image being shared with it; only accepted images are in its lists. */
public enum MemberStatus {
  PENDING,
  ACCEPTED,
  REJECTED;

  /** The names in the API. */
  public static final List<String> NAMES = Arrays.stream(values()).map(MemberStatus::text).toList();

  /** The name in the API and in the catalog. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The status with that name, if there is one. */
  public static Optional<MemberStatus> of(String text) {
    return Arrays.stream(values()).filter(status -> status.text().equals(text)).findFirst();
  }
}
