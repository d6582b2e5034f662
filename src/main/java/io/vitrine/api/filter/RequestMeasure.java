package io.vitrine.api.filter;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.observe.metrics.RequestMeters;
import java.util.Set;
import java.util.regex.Pattern;

/** Measures how long requests take, by classes of routes. */
public final class RequestMeasure implements Handler<RoutingContext> {
  private static final String MEASURED = RequestMeasure.class.getName();
  private static final String OTHER = "other";

  /** The client or the server gave up before the end of the answer. */
  private static final String BROKEN = "broken";

  private static final Pattern PATH =
      Pattern.compile(".*?/v2(?:\\.\\d+)?/(?<kind>[a-z]+)(?<id>/[^/]+(?:/(?<part>[a-z]+).*)?)?");

  private static final Set<String> KINDS =
      Set.of("images", "metadefs", "schemas", "tasks", "info", "cache", "stores");

  private static final Set<String> PARTS =
      Set.of("file", "stage", "import", "tasks", "tags", "members", "locations", "actions");

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private final RequestMeters meters;

  public RequestMeasure(RequestMeters meters) {
    this.meters = meters;
  }

  @Override
  public void handle(RoutingContext context) {
    // A request that takes another route comes by twice.
    if (context.get(MEASURED) == null) {
      long start = System.nanoTime();
      context.put(MEASURED, true);
      context.addEndHandler(
          ended -> meters.ended(kind(context, ended.succeeded()), System.nanoTime() - start));
    }
    context.next();
  }

  private static RequestMeters.Kind kind(RoutingContext context, boolean isWhole) {
    var method = context.request().method().name();
    return new RequestMeters.Kind(
        route(context.normalizedPath()),
        METHODS.contains(method) ? method : OTHER,
        isWhole ? Integer.toString(context.response().getStatusCode()) : BROKEN);
  }

  /** Such as images, image or image_file; never what users make up. */
  static String route(String path) {
    var found = PATH.matcher(path);
    if (!found.matches() || !KINDS.contains(found.group("kind"))) {
      return OTHER;
    }
    if (!found.group("kind").equals("images") || found.group("id") == null) {
      return found.group("kind");
    }
    var part = found.group("part");
    if (part == null) {
      return "image";
    }
    return PARTS.contains(part) ? "image_" + part : OTHER;
  }
}
