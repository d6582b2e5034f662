package io.vitrine.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import java.util.Set;

/** Lets pages of other web sites call the API, if any are allowed to. */
final class CrossOrigin {
  private static final int PREFLIGHT_SECONDS = 3600;
  private static final Set<HttpMethod> METHODS =
      Set.of(
          HttpMethod.GET,
          HttpMethod.HEAD,
          HttpMethod.POST,
          HttpMethod.PUT,
          HttpMethod.PATCH,
          HttpMethod.DELETE);
  private static final Set<String> ASKED =
      Set.of(
          "Accept-Encoding",
          "Content-Digest",
          "Content-MD5",
          "Content-Type",
          "Range",
          "Repr-Digest",
          "X-Auth-Token",
          "X-Image-Meta-Store",
          "X-OpenStack-Image-Digest",
          "X-OpenStack-Image-Size",
          "X-OpenStack-Request-ID",
          "X-Service-Token");
  private static final Set<String> SHOWN =
      Set.of(
          "Content-MD5",
          "Content-Range",
          "ETag",
          "Location",
          "OpenStack-image-import-methods",
          "OpenStack-image-store-ids",
          "X-OpenStack-Request-ID");

  private CrossOrigin() {}

  static Handler<RoutingContext> handler(WebSites sites) {
    if (sites.allowedOrigins().isEmpty()) {
      return RoutingContext::next;
    }
    var handler =
        CorsHandler.create()
            .allowedMethods(METHODS)
            .allowedHeaders(ASKED)
            .exposedHeaders(SHOWN)
            .allowCredentials(sites.allowCredentials())
            .maxAgeSeconds(PREFLIGHT_SECONDS);
    sites.allowedOrigins().forEach(handler::addOrigin);
    // Not itself, which would have to come before any other handler.
    return context -> handler.handle(context);
  }
}
