package io.vitrine.image;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A project's answer to an image shared with it; only accepted images appear in its lists. */
public enum MemberStatus {
  /** The project has not answered yet. */
  PENDING,
  /** The project's lists show the image. */
  ACCEPTED,
  /** The project can use the image, but its lists do not show it. */
  REJECTED;

  /** The names in the API. */
  public static final List<String> NAMES = Arrays.stream(values()).map(MemberStatus::text).toList();

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The name in the API and in the catalog. */
  public String text() {
    return text;
  }

  /** The status with that name; empty if there is none. */
  public static Optional<MemberStatus> of(String text) {
    return Arrays.stream(values()).filter(status -> status.text().equals(text)).findFirst();
  }
}
