package io.vitrine.config;

import io.vitrine.net.address.Url;
import io.vitrine.net.address.UrlException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** What values of the configuration are as the type that is asked for; nothing if they are not. */
final class Values {
  private Values() {}

  static boolean isScalar(Object value) {
    return value instanceof String || value instanceof Number || value instanceof Boolean;
  }

  static Optional<String> string(Object value) {
    return value instanceof String text ? Optional.of(text) : Optional.empty();
  }

  static Optional<Integer> integer(Object value, int min, int max) {
    return value instanceof Integer number && number >= min && number <= max
        ? Optional.of(number)
        : Optional.empty();
  }

  /** Digits as their number: a variable of the environment does not say what its items are. */
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

  /** Nothing inside for the empty text, and nothing at all for one that cannot be parsed. */
  static <T> Optional<Optional<T>> unlessEmpty(String text, Function<String, Optional<T>> parser) {
    var parsed = parser.apply(text);
    return text.isEmpty() || parsed.isPresent() ? Optional.of(parsed) : Optional.empty();
  }

  static Optional<Path> readable(String text) {
    return Optional.of(Path.of(text).toAbsolutePath().normalize())
        .filter(path -> Files.isRegularFile(path) && Files.isReadable(path));
  }

  static Optional<Url> httpUrlOf(String text) {
    try {
      return Optional.of(Url.parseHttp(text));
    } catch (UrlException malformed) {
      return Optional.empty();
    }
  }

  /** The clients of some services take no host with an underscore. */
  static Optional<Url> libraryUrlOf(String text) {
    return httpUrlOf(text).filter(url -> !url.hostName().contains("_"));
  }
}
