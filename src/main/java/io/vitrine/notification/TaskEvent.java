package io.vitrine.notification;

import java.util.Locale;

/** What can happen to a task. */
public enum TaskEvent {
  CREATE,
  PROCESSING,
  RUN,
  SUCCESS,
  FAILURE;

  /** The type that notifications have, such as {@code task.create}. */
  public String type() {
    return "task." + name().toLowerCase(Locale.ROOT);
  }
}
