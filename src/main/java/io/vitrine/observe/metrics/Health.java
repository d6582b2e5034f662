package io.vitrine.observe.metrics;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether this process has started, may be given work, and lives. Shared by all threads. */
public final class Health {
  private volatile boolean hasStarted;
  private volatile boolean isReady;

  private volatile Supplier<List<String>> faults = List::of;

  private volatile Supplier<Optional<String>> need = Optional::empty;

  /** What every request needs; says why it cannot be used now, as one line. */
  public void needs(Supplier<Optional<String>> newNeed) {
    need = newNeed;
  }

  /** Why the process may be given no work, if something keeps it from that. */
  Optional<String> obstacle() {
    return isReady ? need.get() : Optional.of(hasStarted ? "it is stopping" : "it is starting");
  }

  /** What does not work although the process may be given work, a line each. */
  public void faults(Supplier<List<String>> newFaults) {
    faults = newFaults;
  }

  List<String> faults() {
    return faults.get();
  }

  /** All parts run. */
  public void started() {
    hasStarted = true;
    isReady = true;
  }

  /** No new work is wanted any more. */
  public void draining() {
    isReady = false;
  }

  boolean hasStarted() {
    return hasStarted;
  }
}
