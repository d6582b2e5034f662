package io.vitrine.telemetry;

/** Whether this process has started, may be given work, and lives. Shared by all threads. */
public final class Health {
  private volatile boolean hasStarted;
  private volatile boolean isReady;

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
