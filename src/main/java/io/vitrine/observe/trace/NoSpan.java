package io.vitrine.observe.trace;

import io.vertx.core.Context;
import java.util.Optional;

/** Nothing is told. */
final class NoSpan implements Span {
  @Override
  public boolean isTold() {
    return false;
  }

  @Override
  public Span begin(String name) {
    return this;
  }

  @Override
  public void rename(String name) {}

  @Override
  public Span with(String key, String value) {
    return this;
  }

  @Override
  public Span with(String key, long value) {
    return this;
  }

  @Override
  public void fail(String reason) {}

  @Override
  public void end() {}

  @Override
  public void run(Runnable action) {
    action.run();
  }

  @Override
  public Optional<String> traceparent() {
    return Optional.empty();
  }

  @Override
  public Context on(Context other) {
    return other;
  }
}
