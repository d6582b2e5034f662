package io.vitrine.net.address;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A path being parsed: encoded segments, or an opaque text. */
record UrlPath(Optional<String> opaque, List<String> segments) {
  static final UrlPath EMPTY = new UrlPath(Optional.empty(), List.of());

  private static final Pattern DOT = Pattern.compile("\\.|%2[eE]");
  private static final Pattern TWO_DOTS = Pattern.compile("(?:\\.|%2[eE]){2}");

  /** Parses a text that is empty or begins with a slash. */
  static UrlPath absolute(String text, boolean isSpecial) {
    if (text.isEmpty()) {
      return isSpecial ? new UrlPath(Optional.empty(), List.of("")) : EMPTY;
    }
    return EMPTY.with(text.substring(1), isSpecial);
  }

  static UrlPath opaque(String text) {
    return new UrlPath(Optional.of(text), List.of());
  }

  static UrlPath of(Url url) {
    return url.path().isEmpty()
        ? EMPTY
        : new UrlPath(Optional.empty(), Arrays.asList(url.path().substring(1).split("/", -1)));
  }

  /** Replaces the last segment by a relative path. */
  UrlPath withLast(String text, boolean isSpecial) {
    var parents = segments.subList(0, Math.max(0, segments.size() - 1));
    return new UrlPath(Optional.empty(), parents).with(text, isSpecial);
  }

  private UrlPath with(String text, boolean isSpecial) {
    var result = new ArrayList<>(segments);
    var parts = (isSpecial ? text.replace('\\', '/') : text).split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      boolean isLast = i == parts.length - 1;
      if (TWO_DOTS.matcher(parts[i]).matches()) {
        if (!result.isEmpty()) {
          result.removeLast();
        }
        if (isLast) {
          result.add("");
        }
      } else if (!DOT.matcher(parts[i]).matches()) {
        result.add(PercentEncoding.PATH.encode(parts[i]));
      } else if (isLast) {
        result.add("");
      }
    }
    return new UrlPath(Optional.empty(), result);
  }

  /**
   * The serialised path; without a query or fragment after it, a final space is encoded, since
   * parsing would strip it.
   */
  String text(boolean isFollowed) {
    if (opaque.isEmpty()) {
      return segments.isEmpty() ? "" : "/" + String.join("/", segments);
    }
    var encoded = PercentEncoding.CONTROL.encode(opaque.get());
    return isFollowed && encoded.endsWith(" ")
        ? encoded.substring(0, encoded.length() - 1) + "%20"
        : encoded;
  }
}
