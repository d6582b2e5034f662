package io.vitrine.catalog.tasks;

import io.vitrine.image.task.Workload;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/**
 * The tasks that a worker accepts.
 *
 * @param workloads the workloads that it has room for
 * @param notThese tasks left to other workers, or in progress
 * @param notOf projects with enough tasks on this worker
 * @param own tasks that this worker handed on, which it may continue before others do
 */
public record TaskSelection(
    Set<Workload> workloads, Set<UUID> notThese, Set<String> notOf, Set<UUID> own) {
  /** Copies the sets. */
  public TaskSelection {
    workloads = Set.copyOf(workloads);
    notThese = Set.copyOf(notThese);
    notOf = Set.copyOf(notOf);
    own = Set.copyOf(own);
  }

  /** Any task except these. */
  public static TaskSelection but(Set<UUID> notThese) {
    return new TaskSelection(EnumSet.allOf(Workload.class), notThese, Set.of(), Set.of());
  }
}
