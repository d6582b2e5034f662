package io.vitrine.net.listener;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Objects;

/** What says where a request's body, its head, and each of its headers end. */
final class Framing {
  private static final String CHUNKED = "chunked";

  private Framing() {}

  /**
   * Whether a request of HTTP/2 has what would end a line in HTTP/1.1 (RFC 9113, section 8.2.1),
   * which the decoder of HTTP/2 lets through.
   */
  static boolean hasLineEnds(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_2
        && (isBroken(Objects.requireNonNullElse(request.uri(), ""), ' ')
            || request.headers().entries().stream()
                .anyMatch(
                    header -> isBroken(header.getKey(), ' ') || isBroken(header.getValue(), '\0')));
  }

  /** Whether a text has control characters other than the tab, or a character that it must not. */
  private static boolean isBroken(String text, char other) {
    return text.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f || c == other);
  }

  /**
   * RFC 9112, section 6.3. Whether a proxy in front could have seen another end than the decoder:
   * it knows chunked, once and alone, and takes what else there is for no body at all.
   */
  static boolean isAmbiguous(HttpServerRequest request) {
    var encodings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
    return request.version() != HttpVersion.HTTP_2
        && !encodings.isEmpty()
        && !(encodings.size() == 1 && encodings.getFirst().equalsIgnoreCase(CHUNKED));
  }
}
