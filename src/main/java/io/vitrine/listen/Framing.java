package io.vitrine.listen;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/** What says where a request's body ends (RFC 9112, section 6.3). */
final class Framing {
  private static final String CHUNKED = "chunked";

  private Framing() {}

  /**
   * Whether a proxy in front could have seen another end than the decoder: it knows chunked, once
   * and alone, and takes what else there is for no body at all.
   */
  static boolean isAmbiguous(HttpServerRequest request) {
    var encodings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
    return request.version() != HttpVersion.HTTP_2
        && !encodings.isEmpty()
        && !(encodings.size() == 1 && encodings.getFirst().equalsIgnoreCase(CHUNKED));
  }
}
