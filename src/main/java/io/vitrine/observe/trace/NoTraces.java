package io.vitrine.observe.trace;

import java.util.Optional;

/** Nothing is told. */
final class NoTraces implements Traces {
  @Override
  public Span current() {
    return Span.NONE;
  }

  @Override
  public Span resume(String name, Optional<String> traceparent) {
    return Span.NONE;
  }
}
