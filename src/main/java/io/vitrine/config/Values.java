package io.vitrine.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Converts configuration values to the requested type; empty if they do not fit. */
final class Values {
  private Values() {}

  static boolean isScalar(Object value) {
    return value instanceof String || value instanceof Number || value instanceof Boolean;
  }

  static Optional<String> string(Object value) {
    return value instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /** A text, or true or false, which YAML does not take for texts. */
  static Optional<String> word(Object value) {
    return value instanceof Boolean ? Optional.of(value.toString()) : string(value);
  }

  static Optional<Integer> integer(Object value, int min, int max) {
    return value instanceof Integer number && number >= min && number <= max
        ? Optional.of(number)
        : Optional.empty();
  }

  /** Converts digits to a number, since items of an environment variable are untyped. */
  static Object numbered(Object value) {
    return value instanceof String text && text.matches("\\d{1,9}") ? Integer.valueOf(text) : value;
  }

  static Optional<ByteSize> bytes(Object value) {
    return switch (value) {
      case Integer number when number >= 0 -> Optional.of(new ByteSize(number));
      case Long number when number >= 0 -> Optional.of(new ByteSize(number));
      case String text -> ByteSize.parse(text);
      default -> Optional.empty();
    };
  }

  /** An inner empty value for the empty text, an outer one for text that cannot be parsed. */
  static <T> Optional<Optional<T>> unlessEmpty(String text, Function<String, Optional<T>> parser) {
    var parsed = parser.apply(text);
    return text.isEmpty() || parsed.isPresent() ? Optional.of(parsed) : Optional.empty();
  }

  static Optional<Path> readable(String text) {
    return Optional.of(Path.of(text).toAbsolutePath().normalize())
        .filter(path -> Files.isRegularFile(path) && Files.isReadable(path));
  }
}
