package io.vitrine.api.uploads;

import static io.vitrine.image.problem.ProblemException.unsupportedContent;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.Links;
import io.vitrine.api.request.Requests;
import io.vitrine.catalog.blobs.Upload;
import java.time.Duration;
import java.time.Instant;

/**
 * The header fields of resumable uploads for HTTP (draft-ietf-httpbis-resumable-upload, interop
 * version 8), and the limits that they tell.
 *
 * @param maxBytes the most that the whole data may have
 * @param rest how long an upload may rest before it is given up
 */
record Rufh(long maxBytes, Duration rest) {
  static final String COMPLETE = "Upload-Complete";
  static final String OFFSET = "Upload-Offset";
  static final String LENGTH = "Upload-Length";
  static final String LIMIT = "Upload-Limit";
  static final String VERSION_FIELD = "Upload-Draft-Interop-Version";
  static final long VERSION = 8;

  private static final String PART_TYPE = "application/partial-upload";

  /** The largest Integer of structured fields (RFC 9651, section 3.3.1). */
  private static final long MAX_INTEGER = 999_999_999_999_999L;

  /** A Boolean. */
  static String flag(boolean isTrue) {
    return isTrue ? "?1" : "?0";
  }

  /** The URL of an upload. */
  static String location(RoutingContext context, Upload upload) {
    return Links.absolute(context, "/vitrine/v1/uploads/" + upload.blob().id() + "/data");
  }

  /** The limits of new uploads. */
  String limits() {
    return limits(rest.toSeconds());
  }

  /** The limits of an upload. */
  String limits(Upload upload) {
    return limits(Math.max(0, Duration.between(Instant.now(), upload.expiresAt()).toSeconds()));
  }

  private String limits(long age) {
    return "max-size=%d, max-age=%d".formatted(Math.min(maxBytes, MAX_INTEGER), age);
  }

  /** Says how far an upload is that more requests will go on with. */
  void describe(HttpServerResponse response, Upload upload) {
    response
        .putHeader(COMPLETE, flag(false))
        .putHeader(OFFSET, String.valueOf(upload.received()))
        .putHeader(LIMIT, limits(upload));
  }

  /** Requires the type of what is appended to uploads. */
  static void requirePart(RoutingContext context) {
    var type = Requests.mediaType(context.request().getHeader(HttpHeaders.CONTENT_TYPE));
    if (!type.equals(PART_TYPE)) {
      context.response().putHeader("Accept-Patch", PART_TYPE);
      throw unsupportedContent("Data of uploads must be sent as %s.".formatted(PART_TYPE));
    }
  }
}
