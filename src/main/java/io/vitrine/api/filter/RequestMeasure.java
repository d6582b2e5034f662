package io.vitrine.api.filter;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.RequestTrace;
import io.vitrine.observe.metrics.RequestMeters;
import java.util.Set;

/** Measures the duration of requests by route template, so that clients cannot invent labels. */
public final class RequestMeasure implements Handler<RoutingContext> {
  private static final String MEASURED = RequestMeasure.class.getName();
  private static final String OTHER = "other";

  /** The client or the server gave up before the answer was complete. */
  private static final String BROKEN = "broken";

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private final RequestMeters meters;

  /** Creates the filter; it records into {@code meters} when an answer ends. */
  public RequestMeasure(RequestMeters meters) {
    this.meters = meters;
  }

  @Override
  public void handle(RoutingContext context) {
    // A rerouted request passes twice.
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
        RequestTrace.route(context).orElse(OTHER),
        METHODS.contains(method) ? method : OTHER,
        isWhole ? Integer.toString(context.response().getStatusCode()) : BROKEN);
  }
}
