package io.vitrine.observe.metrics;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether this process has started, is ready, and is alive. Safe for use by several threads. */
public final class Health {
  private volatile boolean hasStarted;
  private volatile boolean isReady;

  private volatile Supplier<List<String>> faults = List::of;

  private volatile Supplier<Optional<String>> need = Optional::empty;

  /**
   * Sets what every request depends on; the supplier returns the reason, one line, while it is
   * unavailable.
   */
  public void needs(Supplier<Optional<String>> newNeed) {
    need = newNeed;
  }

  /** The reason why the process is not ready; empty if it is. */
  Optional<String> obstacle() {
    return isReady ? need.get() : Optional.of(hasStarted ? "it is stopping" : "it is starting");
  }

  /** Sets the source of faults that do not affect readiness, one line each. */
  public void faults(Supplier<List<String>> newFaults) {
    faults = newFaults;
  }

  List<String> faults() {
    return faults.get();
  }

  /** All components are running. */
  public void started() {
    hasStarted = true;
    isReady = true;
  }

  /** The process is shutting down and accepts no more work. */
  public void draining() {
    isReady = false;
  }

  boolean hasStarted() {
    return hasStarted;
  }
}
