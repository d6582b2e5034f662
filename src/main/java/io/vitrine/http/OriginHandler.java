package io.vitrine.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.front.Direct;
import io.vitrine.front.Fronts;
import io.vitrine.uwsgi.Mounted;
import java.util.Objects;

/**
 * Finds out where a request comes from, and takes off the path what the API lies below. What is not
 * below it is not found.
 */
final class OriginHandler implements Handler<RoutingContext> {
  private final Fronts fronts;

  OriginHandler(Fronts fronts) {
    this.fronts = fronts;
  }

  @Override
  public void handle(RoutingContext context) {
    if (context.get(Requests.ORIGIN) != null) {
      context.next();
      return;
    }
    var request = direct(context.request());
    context.put(Requests.ORIGIN, fronts.origin(request, context.request().headers()));
    var prefix = fronts.pathPrefix();
    if (prefix.isEmpty() || !request.mountPoint().isEmpty()) {
      context.next();
    } else if ((Requests.path(context) + "/").startsWith(prefix + "/")) {
      context.reroute(below(prefix, context));
    } else {
      context.fail(404);
    }
  }

  private static String below(String prefix, RoutingContext context) {
    var path = Requests.path(context).substring(prefix.length());
    var query = context.request().query();
    return (path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
  }

  private static Direct direct(HttpServerRequest request) {
    var authority = request.authority();
    return new Direct(
        Requests.peer(request),
        Objects.requireNonNullElse(request.scheme(), "http"),
        authority == null ? "localhost" : authority.toString(),
        request.connection() instanceof Mounted mounted ? mounted.mountPoint() : "");
  }
}
