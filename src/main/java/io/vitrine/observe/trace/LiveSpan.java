package io.vitrine.observe.trace;

import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;
import io.vertx.tracing.opentelemetry.VertxContextStorageProvider.VertxContextStorage;
import java.util.HashMap;
import java.util.Optional;

/**
 * A span of OpenTelemetry.
 *
 * @param context what it is the current span of
 */
record LiveSpan(
    Tracer tracer, io.opentelemetry.context.Context context, io.opentelemetry.api.trace.Span span)
    implements Span {
  static final String TRACEPARENT = "traceparent";

  static Span begin(Tracer tracer, io.opentelemetry.context.Context parent, String name) {
    var span = tracer.spanBuilder(name).setParent(parent).startSpan();
    return new LiveSpan(tracer, parent.with(span), span);
  }

  @Override
  public boolean isTold() {
    return true;
  }

  @Override
  public Span begin(String name) {
    return begin(tracer, context, name);
  }

  @Override
  public void rename(String name) {
    span.updateName(name);
  }

  @Override
  public Span with(String key, String value) {
    span.setAttribute(key, value);
    return this;
  }

  @Override
  public Span with(String key, long value) {
    span.setAttribute(key, value);
    return this;
  }

  @Override
  public void fail(String reason) {
    span.setStatus(StatusCode.ERROR, reason);
  }

  @Override
  public void end() {
    span.end();
  }

  @Override
  public void run(Runnable action) {
    try (var _ = context.makeCurrent()) {
      action.run();
    }
  }

  @Override
  public Optional<String> traceparent() {
    var fields = new HashMap<String, String>();
    W3CTraceContextPropagator.getInstance()
        .inject(context, fields, (into, name, value) -> fields.put(name, value));
    return Optional.ofNullable(fields.get(TRACEPARENT));
  }

  @Override
  public Context on(Context other) {
    var own = ((ContextInternal) other).duplicate();
    // Never detached: the context is given up when all of this is done.
    var _ = VertxContextStorage.INSTANCE.attach(own, context);
    return own;
  }
}
