package io.vitrine.api.request;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.observe.trace.Span;
import io.vitrine.observe.trace.Traces;
import java.util.Optional;

/** Tells a request's trace which one it is, which route it takes, and how it is answered. */
public final class RequestTrace implements Handler<RoutingContext> {
  private static final String SPAN = RequestTrace.class.getName();
  private static final String ROUTE = SPAN + ".route";

  private final Traces traces;

  public RequestTrace(Traces traces) {
    this.traces = traces;
  }

  @Override
  public void handle(RoutingContext context) {
    // A request that takes another route comes by twice.
    if (context.get(SPAN) == null) {
      context.put(SPAN, traces.current().with("vitrine.request_id", Requests.requestId(context)));
    }
    var span = span(context);
    if (span.isTold()) {
      // Vert.x has ended the span when the answer ends.
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

  /** The request is one for a route, such as PUT /v2/images/:image/file. */
  public static void route(RoutingContext context, String method, String route) {
    context.put(ROUTE, route);
    span(context).with("http.route", route).rename(method + " " + route);
    context.next();
  }

  /** The template of the route that a request has taken; empty if no route of the API matches. */
  public static Optional<String> route(RoutingContext context) {
    return Optional.ofNullable(context.get(ROUTE));
  }

  /** What is told of the request. */
  public static Span span(RoutingContext context) {
    return context.get(SPAN) instanceof Span span ? span : Span.NONE;
  }
}
