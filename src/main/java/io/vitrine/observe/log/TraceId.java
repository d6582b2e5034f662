package io.vitrine.observe.log;

import java.util.Optional;
import java.util.function.Supplier;

/** The trace that a line of the log belongs to: that of the one who writes it. */
public final class TraceId {
  private static final Supplier<Optional<String>> NONE = Optional::empty;

  private static volatile Supplier<Optional<String>> source = NONE;

  private TraceId() {}

  /** Asks this for the current trace's id from now on; called by every line on its own thread. */
  public static void from(Supplier<Optional<String>> ids) {
    source = ids;
  }

  /** From now on no line belongs to a trace. */
  public static void none() {
    source = NONE;
  }

  static Optional<String> current() {
    return source.get();
  }
}
