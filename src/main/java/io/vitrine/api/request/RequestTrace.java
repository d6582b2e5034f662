package io.vitrine.api.request;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.observe.trace.Span;
import io.vitrine.observe.trace.Traces;
import java.util.Optional;

/** Adds the request id, the route and the status to a request's span. */
public final class RequestTrace implements Handler<RoutingContext> {
  private static final String SPAN = RequestTrace.class.getName();
  private static final String ROUTE = SPAN + ".route";

  private final Traces traces;

  /** Creates the filter; without tracing it costs next to nothing. */
  public RequestTrace(Traces traces) {
    this.traces = traces;
  }

  @Override
  public void handle(RoutingContext context) {
    // A rerouted request passes twice.
    if (context.get(SPAN) == null) {
      context.put(SPAN, traces.current().with("vitrine.request_id", Requests.requestId(context)));
    }
    var span = span(context);
    if (span.isTold()) {
      // When the answer ends, Vert.x has already ended the span.
      context.addHeadersEndHandler(known -> tell(span, context.response().getStatusCode()));
    }
    context.next();
  }

  private static void tell(Span span, int status) {
    span.with("http.response.status_code", status);
    if (status >= 500) {
      span.fail("status " + status);
    }
  }

  /** Records the template of the route and names the span after it: PUT /v2/images/:image/file. */
  public static void route(RoutingContext context, String method, String route) {
    context.put(ROUTE, route);
    span(context).with("http.route", route).rename(method + " " + route);
    context.next();
  }

  /** The template of the route that matches; empty if no route of the API does. */
  public static Optional<String> route(RoutingContext context) {
    return Optional.ofNullable(context.get(ROUTE));
  }

  /** The span of the request; a no-op if it is not traced. */
  public static Span span(RoutingContext context) {
    return context.get(SPAN) instanceof Span span ? span : Span.NONE;
  }
}
