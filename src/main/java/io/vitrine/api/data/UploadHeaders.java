package io.vitrine.api.data;

import static io.vitrine.image.problem.ProblemException.invalid;
import static io.vitrine.image.problem.ProblemException.unsupportedContent;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.Requests;
import java.util.Optional;

/** What the header of an upload in one request says of the data. */
public final class UploadHeaders {
  private UploadHeaders() {}

  /** Refuses a part of the data, which would pass for all of it (RFC 9110, section 14.5). */
  public static void requireWhole(RoutingContext context) {
    Requests.header(context, HttpHeaders.CONTENT_RANGE.toString())
        .ifPresent(
            range -> {
              throw invalid(
                  "Image data cannot be uploaded in parts: 'Content-Range: %s' names a part of it;"
                          .formatted(range)
                      + " send all the data in one request, without Content-Range.");
            });
  }

  /** Requires the type that Glance requires. */
  public static void requireOctets(RoutingContext context) {
    var type = Requests.mediaType(context.request().getHeader(HttpHeaders.CONTENT_TYPE));
    if (!type.equals("application/octet-stream")) {
      throw unsupportedContent("Image data must be sent as application/octet-stream.");
    }
  }

  /** How many bytes the data has; empty if the client does not say it. */
  public static Optional<Long> size(RoutingContext context) {
    return Requests.header(context, "x-openstack-image-size")
        .or(() -> Requests.header(context, HttpHeaders.CONTENT_LENGTH.toString()))
        .map(UploadHeaders::size);
  }

  private static long size(String text) {
    try {
      return Long.parseUnsignedLong(text.strip());
    } catch (NumberFormatException malformed) {
      throw invalid(
          "The size of the data must be a whole number of bytes, not '%s'.".formatted(text));
    }
  }
}
