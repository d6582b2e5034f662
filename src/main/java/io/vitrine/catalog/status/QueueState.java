package io.vitrine.catalog.status;

import io.vitrine.image.task.TaskView;
import java.util.List;

/**
 * The queue of imports and other tasks.
 *
 * @param waiting the tasks that no worker has
 * @param running the tasks that workers have
 * @param workers the processes that have some
 * @param oldestSeconds the age of the oldest waiting task; 0 if none waits
 * @param first the tasks that run, then those that wait, the oldest first; not all if there are
 *     many
 */
public record QueueState(
    long waiting, long running, long workers, double oldestSeconds, List<TaskView> first) {
  /** Copies the list. */
  public QueueState {
    first = List.copyOf(first);
  }
}
