package io.vitrine.net.listener;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Objects;

/** Checks where a request's headers, head and body end, against request smuggling. */
final class Framing {
  private static final String CHUNKED = "chunked";

  private Framing() {}

  /**
   * Whether an HTTP/2 request contains what would end a line in HTTP/1.1 (RFC 9113, section 8.2.1);
   * the HTTP/2 decoder does not check.
   */
  static boolean hasLineEnds(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_2
        && (isBroken(Objects.requireNonNullElse(request.uri(), ""), ' ')
            || request.headers().entries().stream()
                .anyMatch(
                    header -> isBroken(header.getKey(), ' ') || isBroken(header.getValue(), '\0')));
  }

  /** Whether a text contains the given character, or a control character other than the tab. */
  private static boolean isBroken(String text, char other) {
    return text.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f || c == other);
  }

  /**
   * Whether a proxy in front may see another end of the body than the decoder (RFC 9112, section
   * 6.3). The decoder supports only a single "chunked" and treats any other transfer coding as no
   * body.
   */
  static boolean isAmbiguous(HttpServerRequest request) {
    var encodings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
    return request.version() != HttpVersion.HTTP_2
        && !encodings.isEmpty()
        && !(encodings.size() == 1 && encodings.getFirst().equalsIgnoreCase(CHUNKED));
  }
}
