package io.vitrine.telemetry;

import java.util.List;
import java.util.function.Supplier;

/** Whether this process has started, may be given work, and lives. Shared by all threads. */
public final class Health {
  private volatile boolean hasStarted;
  private volatile boolean isReady;

  private volatile Supplier<List<String>> faults = List::of;

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

  boolean isReady() {
    return isReady;
  }
}
