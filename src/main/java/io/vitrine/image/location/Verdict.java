package io.vitrine.image.location;

import java.util.Locale;

/** The result of checking stored bytes. */
public enum Verdict {
  /** The bytes are those that were written. */
  OK,
  /** The store does not have the bytes. */
  MISSING,
  /** The bytes differ from those that were written. */
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
