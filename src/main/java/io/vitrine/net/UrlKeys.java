package io.vitrine.net;

import io.vitrine.config.Section;
import io.vitrine.net.address.Url;
import io.vitrine.net.address.UrlException;
import java.util.List;
import java.util.Optional;

/** Reads keys whose values are http or https URLs; a key that is not set has none. */
public final class UrlKeys {
  private static final String ANY = "an http or https URL";

  private UrlKeys() {}

  /** The URL of a key. */
  public static Optional<Url> url(Section section, String key) {
    return section.parsed(key, ANY, UrlKeys::parse);
  }

  /** As above, for libraries that refuse hosts with an underscore. */
  public static Optional<Url> libraryUrl(Section section, String key) {
    return section.parsed(
        key,
        ANY + " whose host has no underscore, or its address",
        text -> parse(text).filter(url -> !url.hostName().contains("_")));
  }

  /** As above, exactly as written, since the issuers of tokens are compared as texts. */
  public static Optional<String> text(Section section, String key) {
    return section.parsed(key, ANY, text -> parse(text).map(url -> text));
  }

  /** The URLs of a key. */
  public static List<Url> urls(Section section, String key) {
    return section.parsedList(key, "http or https URLs", UrlKeys::parse);
  }

  private static Optional<Url> parse(String text) {
    try {
      return Optional.of(Url.parseHttp(text));
    } catch (UrlException malformed) {
      return Optional.empty();
    }
  }
}
