package io.vitrine.metadef;

import static io.vitrine.image.problem.ProblemException.invalid;

import org.jspecify.annotations.Nullable;

/** Checks of texts. */
final class Texts {
  static final int NAME_MAX = 80;

  private Texts() {}

  static void requireName(String key, String name) {
    if (name.isEmpty()) {
      throw invalid("%s must not be empty.".formatted(key));
    }
    requireLength(key, name, NAME_MAX);
  }

  /** The length is in characters; PostgreSQL does not store NUL. */
  static void requireLength(String key, @Nullable String text, int max) {
    if (text == null) {
      return;
    }
    if (text.codePointCount(0, text.length()) > max) {
      throw invalid("%s must have at most %d characters.".formatted(key, max));
    }
    if (text.indexOf('\0') >= 0) {
      throw invalid("%s must not contain the character NUL.".formatted(key));
    }
  }
}
