package io.vitrine.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/** A {@code postgresql://user:password@host:port/database} URL, printed without its password. */
public record DatabaseUrl(String value) {
  // Up to the last "@" before the path, so that a password holding one unescaped is hidden whole.
  private static final Pattern PASSWORD =
      Pattern.compile("(?<=://[^:/?#]{0,256}:)[^/?#]*(?=@)|(?<=[?&]password=)[^&]*");

  /** The URL that the text holds, or nothing if it names no PostgreSQL host. */
  public static Optional<DatabaseUrl> parse(String text) {
    try {
      var uri = new URI(text);
      var scheme = uri.getScheme();
      var known = "postgresql".equals(scheme) || "postgres".equals(scheme);
      return known && uri.getHost() != null ? Optional.of(new DatabaseUrl(text)) : Optional.empty();
    } catch (URISyntaxException malformed) {
      return Optional.empty();
    }
  }

  /** The URL with its password hidden. */
  @Override
  public String toString() {
    return PASSWORD.matcher(value).replaceAll("(hidden)");
  }
}
