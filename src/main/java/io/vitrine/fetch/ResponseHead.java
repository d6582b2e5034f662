package io.vitrine.fetch;

import static io.vitrine.image.problem.ProblemException.invalid;
import static io.vitrine.image.problem.ProblemException.notOffered;

import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.address.Url;
import io.vitrine.net.address.UrlException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Interprets the head of an HTTP response to a fetch (RFC 9110). */
final class ResponseHead {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");
  private static final Pattern UNSATISFIED = Pattern.compile("bytes \\*/(\\d{1,18})");
  private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

  private final HttpClientResponse response;

  ResponseHead(HttpClientResponse response) {
    this.response = response;
  }

  /** The target of a redirect; empty if this is none. */
  Optional<Url> redirect(Url from) {
    return switch (response.statusCode()) {
      case 301, 302, 303, 307, 308 -> Optional.of(resolve(from, location()));
      default -> Optional.empty();
    };
  }

  /** The redirect's Location; fails if it is absent or ambiguous. */
  private String location() {
    var targets = response.headers().getAll(HttpHeaders.LOCATION).stream().distinct().toList();
    if (targets.isEmpty() || targets.getFirst().isBlank()) {
      throw invalid(
          "The server redirects (%d) without saying where to.".formatted(response.statusCode()));
    }
    if (targets.size() > 1) {
      throw invalid("The server redirects to several URLs at once.");
    }
    return targets.getFirst();
  }

  /** Fails unless the body starts at the given byte. */
  void requireBody(long fromByte) {
    int status = response.statusCode();
    if (status == 200 && fromByte == 0) {
      return;
    }
    if (status == 200) {
      throw notOffered("The server cannot go on in the middle; start from the beginning.");
    }
    if (status == 206 && fromByte > 0) {
      requireRange(fromByte);
      return;
    }
    throw status == 404 || status == 410
        ? new AbsentFileException(refusal(status))
        : new ProblemException(refusal(status));
  }

  /** The response's metadata, with its unread body. */
  Fetched with(FetchedBody body, Url finalUri) {
    return new Fetched(body, contentLength(), totalBytes(), validator(), finalUri);
  }

  private OptionalLong contentLength() {
    var length = response.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length != null && LENGTH.matcher(length).matches()
        ? OptionalLong.of(Long.parseLong(length))
        : OptionalLong.empty();
  }

  /** The length of the complete file. */
  private OptionalLong totalBytes() {
    if (response.statusCode() != 206) {
      return contentLength();
    }
    var match = contentRange();
    return match.matches() && !match.group(3).equals("*")
        ? OptionalLong.of(Long.parseLong(match.group(3)))
        : OptionalLong.empty();
  }

  /**
   * The strong validator. Weak entity tags are ignored: they promise equal meaning, not equal
   * bytes. So is a modification date that may cover two changes within one second (RFC 9110 section
   * 8.8.2.2).
   */
  private Optional<String> validator() {
    return Optional.ofNullable(response.getHeader(HttpHeaders.ETAG))
        .filter(tag -> !tag.startsWith("W/"))
        .or(
            () ->
                Optional.ofNullable(response.getHeader(HttpHeaders.LAST_MODIFIED))
                    .filter(this::isPast));
  }

  private boolean isPast(String modified) {
    var now = response.getHeader(HttpHeaders.DATE);
    try {
      return now != null && httpDate(modified).plusSeconds(1).compareTo(httpDate(now)) <= 0;
    } catch (DateTimeParseException malformed) {
      return false;
    }
  }

  private static Instant httpDate(String text) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
  }

  private Matcher contentRange() {
    var range = response.getHeader(HttpHeaders.CONTENT_RANGE);
    return CONTENT_RANGE.matcher(range == null ? "" : range);
  }

  private void requireRange(long fromByte) {
    var match = contentRange();
    if (!match.matches() || Long.parseLong(match.group(1)) != fromByte) {
      throw notOffered("The server sent a different range than requested.");
    }
    long length = Long.parseLong(match.group(2)) - fromByte + 1;
    if (length < 1 || (contentLength().isPresent() && contentLength().getAsLong() != length)) {
      throw notOffered("The server sent a range of the wrong length.");
    }
  }

  private Problem refusal(int status) {
    return switch (status) {
      case 416 ->
          new Problem.OutOfRange("The file on the server ends before the requested byte.", total());
      case 408, 425, 429, 500, 502, 503, 504 ->
          new Problem.Unavailable("The server answered " + words(status) + "; try again later.");
      default -> new Problem.Invalid("The server answered " + words(status) + ".");
    };
  }

  private long total() {
    var range = response.getHeader(HttpHeaders.CONTENT_RANGE);
    var match = UNSATISFIED.matcher(range == null ? "" : range);
    return match.matches() ? Long.parseLong(match.group(1)) : 0;
  }

  private static Url resolve(Url from, String target) {
    try {
      return from.resolve(encoded(target));
    } catch (UrlException malformed) {
      throw invalid(
          "The server redirects to an invalid URL: %s.".formatted(malformed.getMessage()));
    }
  }

  /** Percent-encodes non-ASCII bytes, which the client decodes to one character each. */
  private static String encoded(String target) {
    var result = new StringBuilder(target.length());
    target
        .chars()
        .forEach(
            c -> {
              if (c < 0x80 || c > 0xff) {
                result.append((char) c);
              } else {
                result.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
              }
            });
    return result.toString();
  }

  /** The registered reason phrase; the server's own text is not shown to users. */
  private static String words(int status) {
    var phrase =
        switch (status) {
          case 204 -> " (no content)";
          case 400 -> " (bad request)";
          case 401 -> " (unauthorized)";
          case 403 -> " (forbidden)";
          case 404 -> " (not found)";
          case 405 -> " (method not allowed)";
          case 408 -> " (request timeout)";
          case 410 -> " (gone)";
          case 429 -> " (too many requests)";
          case 500 -> " (internal server error)";
          case 502 -> " (bad gateway)";
          case 503 -> " (service unavailable)";
          case 504 -> " (gateway timeout)";
          default -> "";
        };
    return status + phrase;
  }
}
