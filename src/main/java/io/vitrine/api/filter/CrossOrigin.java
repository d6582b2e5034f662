package io.vitrine.api.filter;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.Responses;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Cross-origin resource sharing, for the sites that are allowed. As in Glance, requests from other
 * sites are answered too, but without the headers that browsers look for.
 */
public final class CrossOrigin implements Handler<RoutingContext> {
  private static final String ANY = "*";
  private static final String PREFLIGHT_SECONDS = "3600";
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

  /**
   * The headers that requests may carry: the CORS-safelisted ones, Glance's defaults and those that
   * Vitrine reads.
   */
  private static final Set<String> ASKED =
      names(
          "Accept",
          "Accept-Encoding",
          "Accept-Language",
          "Cache-Control",
          "Content-Digest",
          "Content-Language",
          "Content-MD5",
          "Content-Type",
          "Expires",
          "Idempotency-Key",
          "If-Match",
          "If-Modified-Since",
          "If-None-Match",
          "If-Range",
          "If-Unmodified-Since",
          "Last-Modified",
          "Pragma",
          "Range",
          "Repr-Digest",
          "Tus-Resumable",
          "Upload-Checksum",
          "Upload-Complete",
          "Upload-Concat",
          "Upload-Defer-Length",
          "Upload-Draft-Interop-Version",
          "Upload-Length",
          "Upload-Metadata",
          "Upload-Offset",
          "X-Auth-Token",
          "X-HTTP-Method-Override",
          "X-Identity-Status",
          "X-Image-Meta-Checksum",
          "X-Image-Meta-Store",
          "X-OpenStack-Image-Digest",
          "X-OpenStack-Image-Size",
          "X-OpenStack-Request-ID",
          "X-Request-ID",
          "X-Requested-With",
          "X-Roles",
          "X-Service-Catalog",
          "X-Service-Token",
          "X-Storage-Token",
          "X-Tenant-Id",
          "X-User-Id");

  private static final String SHOWN =
      String.join(
          ",",
          "Accept-Ranges",
          "Content-MD5",
          "Content-Range",
          "ETag",
          "Location",
          "OpenStack-image-import-methods",
          "OpenStack-image-store-ids",
          "Repr-Digest",
          "Retry-After",
          "Tus-Checksum-Algorithm",
          "Tus-Extension",
          "Tus-Max-Size",
          "Tus-Resumable",
          "Tus-Version",
          "Upload-Complete",
          "Upload-Concat",
          "Upload-Defer-Length",
          "Upload-Draft-Interop-Version",
          "Upload-Expires",
          "Upload-Length",
          "Upload-Limit",
          "Upload-Metadata",
          "Upload-Offset",
          "X-Auth-Token",
          "X-Image-Meta-Checksum",
          "X-OpenStack-Request-ID",
          "X-Service-Token",
          "X-Subject-Token");

  /** The paths that answer OPTIONS themselves. */
  private static final Pattern TELLING =
      Pattern.compile("/vitrine/|/v2(?:\\.\\d+)?/images/[^/?]+/(?:file|stage)(?:\\?|$)");

  private final CorsConfig sites;

  /** Creates the filter; without allowed origins it does nothing. */
  public CrossOrigin(CorsConfig sites) {
    this.sites = sites;
  }

  @Override
  public void handle(RoutingContext context) {
    if (sites.allowedOrigins().isEmpty()) {
      context.next();
      return;
    }
    var request = context.request();
    var origin = origin(request);
    if (isPreflight(request)) {
      origin.ifPresent(allowed -> permit(request, allowed));
      Responses.empty(context, 200);
      return;
    }
    // Only when the headers are sent, because handlers set Vary themselves.
    origin.ifPresent(
        allowed ->
            context.addHeadersEndHandler(
                end -> {
                  allow(request.response().headers(), allowed)
                      .set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, SHOWN);
                }));
    context.next();
  }

  /**
   * Whether this filter answers the request. As Glance answers no other OPTIONS, all count, but for
   * the paths that tell something by it.
   */
  private static boolean isPreflight(HttpServerRequest request) {
    return HttpMethod.OPTIONS.equals(request.method())
        && (request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD)
            || !TELLING.matcher(request.uri()).lookingAt());
  }

  /** The origin to allow in the answer; empty if it is not on the list. */
  private Optional<String> origin(HttpServerRequest request) {
    return Optional.ofNullable(request.getHeader(HttpHeaders.ORIGIN))
        .map(origin -> sites.allowedOrigins().contains(origin) ? origin : ANY)
        .filter(sites.allowedOrigins()::contains);
  }

  /** Answers a preflight request. */
  private void permit(HttpServerRequest request, String origin) {
    var method = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    var names = asked(request);
    if (method == null || !METHODS.contains(method) || !ASKED.containsAll(names)) {
      return;
    }
    var headers =
        allow(request.response().headers(), origin)
            .set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS)
            .set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, method);
    if (!names.isEmpty()) {
      headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, String.join(",", names));
    }
  }

  private static List<String> asked(HttpServerRequest request) {
    return request.headers().getAll(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS).stream()
        .flatMap(names -> Arrays.stream(names.split(",", -1)))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private MultiMap allow(MultiMap headers, String origin) {
    headers.add(HttpHeaders.VARY, "Origin");
    headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    if (sites.allowCredentials()) {
      headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    }
    return headers;
  }

  /** Header names, compared without case. */
  private static Set<String> names(String... names) {
    var all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    all.addAll(List.of(names));
    return all;
  }
}
