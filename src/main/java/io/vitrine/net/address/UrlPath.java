package io.vitrine.net.address;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A path while it is parsed: segments, each encoded, or a text without structure. */
record UrlPath(Optional<String> opaque, List<String> segments) {
  static final UrlPath EMPTY = new UrlPath(Optional.empty(), List.of());

  private static final Pattern DOT = Pattern.compile("\\.|%2[eE]");
  private static final Pattern TWO_DOTS = Pattern.compile("(?:\\.|%2[eE]){2}");

  /** A text that begins with a slash, or with nothing. */
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

  /** The path with the text, which begins without a slash, in place of its last segment. */
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

  /** The path as it is written; a last space would be lost if nothing follows it in the URL. */
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
