package io.vitrine.observe.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.vertx.core.Context;
import io.vitrine.net.internals.Contexts;
import java.util.HashMap;
import java.util.Optional;

/**
 * A timed operation, which becomes one span of a trace when it ends. May be called on any thread.
 */
public final class Span {
  static final String TRACEPARENT = "traceparent";

  /** Belongs to no trace. */
  public static final Span NONE =
      new Span(
          OpenTelemetry.noop().getTracer(""),
          io.opentelemetry.context.Context.root(),
          io.opentelemetry.api.trace.Span.getInvalid());

  private final Tracer tracer;
  private final io.opentelemetry.context.Context context;
  private final io.opentelemetry.api.trace.Span span;

  /**
   * A span of OpenTelemetry.
   *
   * @param context the one whose current span it is
   */
  Span(
      Tracer tracer,
      io.opentelemetry.context.Context context,
      io.opentelemetry.api.trace.Span span) {
    this.tracer = tracer;
    this.context = context;
    this.span = span;
  }

  static Span begin(Tracer tracer, io.opentelemetry.context.Context parent, String name) {
    var span = tracer.spanBuilder(name).setParent(parent).startSpan();
    return new Span(tracer, parent.with(span), span);
  }

  /** Whether the span is recorded: it belongs to a trace, and the trace is sampled. */
  public boolean isTold() {
    return span.isRecording();
  }

  /** Starts a child span. */
  public Span begin(String name) {
    return begin(tracer, context, name);
  }

  /** Renames the span. */
  public void rename(String name) {
    span.updateName(name);
  }

  /** Adds an attribute. */
  public Span with(String key, String value) {
    span.setAttribute(key, value);
    return this;
  }

  /** Adds a numeric attribute. */
  public Span with(String key, long value) {
    span.setAttribute(key, value);
    return this;
  }

  /** Marks the span as failed; it still has to end. */
  public void fail(String reason) {
    span.setStatus(StatusCode.ERROR, reason);
  }

  /** Ends the span; attributes set later are dropped. */
  public void end() {
    span.end();
  }

  /** Runs the action with this as the current span, for instance to write a log line. */
  public void run(Runnable action) {
    if (!isInTrace()) {
      action.run();
      return;
    }
    try (var _ = context.makeCurrent()) {
      action.run();
    }
  }

  /** The W3C Trace Context by which another process continues the trace; empty without a trace. */
  public Optional<String> traceparent() {
    var fields = new HashMap<String, String>();
    W3CTraceContextPropagator.getInstance()
        .inject(context, fields, (into, name, value) -> fields.put(name, value));
    return Optional.ofNullable(fields.get(TRACEPARENT));
  }

  /** A context on the same thread as the other, on which outgoing requests belong to this span. */
  public Context on(Context other) {
    return isInTrace() ? Contexts.traced(other, context) : other;
  }

  private boolean isInTrace() {
    return span.getSpanContext().isValid();
  }
}
