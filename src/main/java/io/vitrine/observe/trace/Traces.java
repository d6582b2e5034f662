package io.vitrine.observe.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Starts spans and finds the current one. */
public final class Traces {
  static final String SCOPE = "io.vitrine";

  /** Records nothing: OpenTelemetry's no-op tracer. */
  public static final Traces OFF = new Traces(OpenTelemetry.noop().getTracer(SCOPE));

  private final Tracer tracer;

  Traces(Tracer tracer) {
    this.tracer = tracer;
  }

  /** The span of the current Vert.x context; {@link Span#NONE} if it belongs to no trace. */
  public Span current() {
    var context = Context.current();
    var span = io.opentelemetry.api.trace.Span.fromContextOrNull(context);
    return span == null ? Span.NONE : new Span(tracer, context, span);
  }

  /**
   * Starts a span that continues another process's trace.
   *
   * @param traceparent as in W3C Trace Context; if empty, a new trace starts here
   */
  public Span resume(String name, Optional<String> traceparent) {
    if (this == OFF) {
      return Span.NONE; // the no-op tracer would still propagate the caller's trace
    }
    var fields = traceparent.map(it -> Map.of(Span.TRACEPARENT, it)).orElseGet(Map::of);
    var parent =
        W3CTraceContextPropagator.getInstance().extract(Context.root(), fields, new Fields());
    return Span.begin(tracer, parent, name);
  }

  private static final class Fields implements TextMapGetter<Map<String, String>> {
    @Override
    public Iterable<String> keys(Map<String, String> carrier) {
      return carrier.keySet();
    }

    @Override
    public @Nullable String get(@Nullable Map<String, String> carrier, String key) {
      return carrier == null ? null : carrier.get(key);
    }
  }
}
