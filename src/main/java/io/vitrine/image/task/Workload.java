package io.vitrine.image.task;

import java.util.Locale;

/** The resource that the next stage of a task needs most. */
public enum Workload {
  /** Remote servers: the task fetches data. */
  FETCH,
  /** Processors and disks: the task converts and stores data. */
  COMPUTE;

  /** The name in logs and queries. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
