package io.vitrine.catalog.tasks;

import io.vitrine.image.task.ImportTask;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/**
 * What a worker looks for in the queue.
 *
 * @param stages what the task is to need next
 * @param notThese tasks that are left to other workers, or are being worked on
 * @param notOf projects that have enough here already
 * @param own tasks that this worker has handed on, and may go on with before others do
 */
public record Wanted(
    Set<ImportTask.Stage> stages, Set<UUID> notThese, Set<String> notOf, Set<UUID> own) {
  /** Copies the sets. */
  public Wanted {
    stages = Set.copyOf(stages);
    notThese = Set.copyOf(notThese);
    notOf = Set.copyOf(notOf);
    own = Set.copyOf(own);
  }

  /** Any task but these. */
  public static Wanted but(Set<UUID> notThese) {
    return new Wanted(EnumSet.allOf(ImportTask.Stage.class), notThese, Set.of(), Set.of());
  }
}
