package io.vitrine.api.filter;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.Requests;
import io.vitrine.net.proxy.MalformedForwardedException;
import io.vitrine.net.proxy.Origin;
import io.vitrine.net.proxy.OriginResolver;
import io.vitrine.net.proxy.ReceivedRequest;
import io.vitrine.net.uwsgi.Mounted;
import java.util.Objects;

/**
 * Determines the client address and base URL of a request, and removes the mount path of the API.
 * Other paths are not found.
 */
public final class OriginHandler implements Handler<RoutingContext> {
  private final OriginResolver origins;

  /** Creates the filter; only the proxies in {@code origins} are believed. */
  public OriginHandler(OriginResolver origins) {
    this.origins = origins;
  }

  @Override
  public void handle(RoutingContext context) {
    if (context.get(Requests.ORIGIN) != null) {
      context.next();
      return;
    }
    var request = received(context.request());
    context.put(Requests.ORIGIN, origin(request, context.request().headers()));
    var prefix = origins.pathPrefix();
    if (prefix.isEmpty() || !request.mountPoint().isEmpty()) {
      context.next();
    } else if ((Requests.path(context) + "/").startsWith(prefix + "/")) {
      context.reroute(below(prefix, context));
    } else {
      context.fail(404);
    }
  }

  private Origin origin(ReceivedRequest request, MultiMap headers) {
    try {
      return origins.origin(request, headers);
    } catch (MalformedForwardedException malformed) {
      throw invalid(malformed.detail());
    }
  }

  private static String below(String prefix, RoutingContext context) {
    var path = Requests.path(context).substring(prefix.length());
    var query = context.request().query();
    return (path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
  }

  private static ReceivedRequest received(HttpServerRequest request) {
    var authority = request.authority();
    return new ReceivedRequest(
        Requests.peer(request),
        Objects.requireNonNullElse(request.scheme(), "http"),
        authority == null ? "localhost" : authority.toString(),
        request.connection() instanceof Mounted mounted ? mounted.mountPoint() : "");
  }
}
