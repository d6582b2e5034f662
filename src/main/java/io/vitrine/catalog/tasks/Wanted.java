package io.vitrine.catalog.tasks;

import io.vitrine.image.task.ImportTask;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/**
 * The tasks that a worker accepts.
 *
 * @param stages the stages that it can do next
 * @param notThese tasks left to other workers, or in progress
 * @param notOf projects with enough tasks on this worker
 * @param own tasks that this worker handed on, which it may continue before others do
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

  /** Any task except these. */
  public static Wanted but(Set<UUID> notThese) {
    return new Wanted(EnumSet.allOf(ImportTask.Stage.class), notThese, Set.of(), Set.of());
  }
}
