package io.vitrine.observe.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Begins spans and finds the current one. */
public final class Traces {
  static final String SCOPE = "io.vitrine";

  /** No trace is kept: the tracer of OpenTelemetry that does nothing. */
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
   * Begins a span where another process has left off.
   *
   * @param traceparent as W3C Trace Context has it; without it a trace begins here
   */
  public Span resume(String name, Optional<String> traceparent) {
    if (this == OFF) {
      return Span.NONE; // the tracer that does nothing would still hand on the trace of others
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
