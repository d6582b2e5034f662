package io.vitrine.observe.log;

import java.util.Optional;
import java.util.function.Supplier;

/** The trace id of a log line: that of the thread that writes it. */
public final class TraceId {
  private static final Supplier<Optional<String>> NONE = Optional::empty;

  private static volatile Supplier<Optional<String>> source = NONE;

  private TraceId() {}

  /** Sets the source of trace ids; every line calls it on its own thread. */
  public static void from(Supplier<Optional<String>> ids) {
    source = ids;
  }

  /** Removes the source. */
  public static void none() {
    source = NONE;
  }

  static Optional<String> current() {
    return source.get();
  }
}
