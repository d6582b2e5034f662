package io.vitrine.image.edit;

import io.vitrine.image.ImageId;
import io.vitrine.image.Visibility;
import io.vitrine.image.problem.ProblemException;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Converts JSON values to those of an image, and refuses invalid ones. */
final class ImageValues {
  private static final int MAX_TEXT = 255;

  private ImageValues() {}

  static ImageId id(@Nullable Object value) {
    var id = value instanceof String text ? ImageId.parse(text) : Optional.<ImageId>empty();
    return id.orElseThrow(
        () -> invalid("id", "must be a UUID such as 71c675ab-d94f-49cd-a114-e12490b328d9"));
  }

  static @Nullable String text(String key, @Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String text when text.length() > MAX_TEXT ->
          throw invalid(key, "must not be longer than 255 characters");
      case String text -> requirePlain(key, text);
      default -> throw invalid(key, "must be a string or null");
    };
  }

  static Visibility visibility(@Nullable Object value) {
    var visibility =
        value instanceof String text ? Visibility.of(text) : Optional.<Visibility>empty();
    return visibility.orElseThrow(
        () -> invalid("visibility", "must be one of " + Visibility.NAMES));
  }

  static boolean flag(String key, @Nullable Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw invalid(key, "must be true or false");
  }

  static long count(String key, @Nullable Object value) {
    return switch (value) {
      case Integer count when count >= 0 -> count;
      case null, default ->
          throw invalid(key, "must be a whole number from 0 to " + Integer.MAX_VALUE);
    };
  }

  static SortedSet<String> tags(@Nullable Object value) {
    if (!(value instanceof Collection<?> items)) {
      throw invalid("tags", "must be a list of strings");
    }
    var tags = new TreeSet<String>();
    for (var item : items) {
      var tag = text("tags", item);
      if (tag == null) {
        throw invalid("tags", "must not contain null");
      }
      tags.add(tag);
    }
    return tags;
  }

  static String propertyName(String key) {
    if (key.isEmpty() || key.length() > MAX_TEXT) {
      throw invalid("property name", "must have 1 to 255 characters");
    }
    return requirePlain("property name", key);
  }

  static @Nullable String property(String key, @Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String text -> requireSensible(key, requirePlain(key, text));
      default -> throw invalid(key, "must be a string");
    };
  }

  private static String requireSensible(String key, String text) {
    EncryptionProperties.fault(key, text)
        .ifPresent(
            fault -> {
              throw invalid(key, fault);
            });
    return text;
  }

  /** Glance stores no characters beyond the Basic Multilingual Plane, and PostgreSQL no NUL. */
  private static String requirePlain(String key, String text) {
    if (text.chars().anyMatch(c -> c == 0 || Character.isSurrogate((char) c))) {
      throw invalid(key, "must not contain NUL or characters that take four bytes in UTF-8");
    }
    return text;
  }

  private static ProblemException invalid(String key, String rule) {
    return ProblemException.invalid("Invalid value for '%s': it %s.".formatted(key, rule));
  }
}
