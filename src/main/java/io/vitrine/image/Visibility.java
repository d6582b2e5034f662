package io.vitrine.image;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Who may see an image besides its owner. */
public enum Visibility {
  /** Everybody; it appears in everybody's lists. */
  PUBLIC,
  /** Everybody; it appears in lists only on request. */
  COMMUNITY,
  /** The projects that are its members. */
  SHARED,
  /** Nobody. */
  PRIVATE;

  /** The names in the API. */
  public static final List<String> NAMES = Arrays.stream(values()).map(Visibility::text).toList();

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The name in the API and in the catalog. */
  public String text() {
    return text;
  }

  /** The visibility with that name; empty if there is none. */
  public static Optional<Visibility> of(String text) {
    return Arrays.stream(values()).filter(visibility -> visibility.text().equals(text)).findFirst();
  }
}
