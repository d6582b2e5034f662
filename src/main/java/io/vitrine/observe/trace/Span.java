package io.vitrine.observe.trace;

import io.vertx.core.Context;
import java.util.Optional;

/** Something that takes a while and is told of, whole, once it has ended. Called on any thread. */
public interface Span {
  /** Nothing is told. */
  Span NONE = new NoSpan();

  /** Whether anything is told. */
  boolean isTold();

  /** Begins a part of this. */
  Span begin(String name);

  /** Gives it a better name. */
  void rename(String name);

  /** Adds what is known of it. */
  Span with(String key, String value);

  /** Adds a number that is known of it. */
  Span with(String key, long value);

  /** It has failed; it still has to end. */
  void fail(String reason);

  /** Ends it; what comes later is not told. */
  void end();

  /** Does something that is part of this, such as writing a line to the log. */
  void run(Runnable action);

  /** How another process can go on with it, as W3C Trace Context has it; empty for nothing. */
  Optional<String> traceparent();

  /**
   * A context on the same thread as another: what is asked of others on it becomes part of this.
   */
  Context on(Context other);
}
