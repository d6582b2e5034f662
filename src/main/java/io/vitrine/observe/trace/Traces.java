package io.vitrine.observe.trace;

import java.util.Optional;

/** What is going on, told in spans to whoever collects them. */
public interface Traces {
  /** Nobody is told anything. */
  Traces OFF = new NoTraces();

  /** What the current Vert.x context is about; {@link Span#NONE} if nothing is told of it. */
  Span current();

  /**
   * Begins what goes on where another process has left off.
   *
   * @param traceparent as W3C Trace Context has it; without it a trace begins here
   */
  Span resume(String name, Optional<String> traceparent);
}
