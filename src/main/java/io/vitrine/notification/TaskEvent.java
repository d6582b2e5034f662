package io.vitrine.notification;

import java.util.Locale;

/** Events of a task. */
public enum TaskEvent {
  /** The task was created. */
  CREATE,
  /** Its status became processing. */
  PROCESSING,
  /** A worker began to run it; follows {@link #PROCESSING}. */
  RUN,
  /** It ended successfully. */
  SUCCESS,
  /** It failed. */
  FAILURE;

  /** The type of the notification, such as {@code task.create}. */
  public String type() {
    return "task." + name().toLowerCase(Locale.ROOT);
  }
}
