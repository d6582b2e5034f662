package io.vitrine.image.location;

import java.util.Locale;

/** What a look at stored bytes has found. */
public enum Verdict {
  /** They are what was written. */
  OK,
  /** Their store does not have them. */
  MISSING,
  /** They are others than were written. */
  DAMAGED;

  /** The name in the catalog. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The verdict with that name. */
  public static Verdict of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
