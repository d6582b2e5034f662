package io.vitrine.importer;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vitrine.catalog.tasks.TaskSelection;
import io.vitrine.image.task.LeasedTask;
import io.vitrine.image.task.Workload;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;

/**
 * The worker's capacity for tasks. Tasks that wait for remote servers do not take capacity from
 * those that compute, and some capacity is reserved for projects with nothing running here. A task
 * suspected of killing a worker computes alone. Capacity that is free serves early work: computing
 * for tasks that still fetch, which gives way.
 *
 * <p>Confined to the import verticle's context.
 */
final class Slots {
  private final SlotsConfig config;
  private final Map<UUID, Taken> taken = new LinkedHashMap<>();
  private final Map<UUID, Promise<Void>> toBeAlone = new LinkedHashMap<>();

  /** How to stop the early work of tasks that fetch, the earliest first. */
  private final SequencedMap<UUID, Runnable> early = new LinkedHashMap<>();

  private record Taken(String project, Workload workload, boolean isSuspect) {}

  Slots(SlotsConfig config) {
    this.config = config;
  }

  boolean isEmpty() {
    return taken.isEmpty();
  }

  /** The query for the next task of a workload; empty while there is no capacity. */
  Optional<TaskSelection> wanted(Workload workload, Set<UUID> notThese, Set<UUID> own) {
    int left = config.of(workload) - projects(workload).size();
    if (left <= -config.reserve() || isQuarantined(workload)) {
      return Optional.empty();
    }
    var others = new HashSet<>(notThese);
    others.addAll(taken.keySet());
    var full = left > 0 ? Set.<String>of() : Set.copyOf(projects(workload));
    return Optional.of(new TaskSelection(EnumSet.of(workload), others, full, own));
  }

  void enter(LeasedTask task) {
    boolean isSuspect = task.lease().isSuspect() && task.workload() == Workload.COMPUTE;
    taken.put(task.id(), new Taken(task.project(), task.workload(), isSuspect));
    limitEarly();
  }

  /**
   * Whether there is room for early work of a task that fetches. It is stopped when a task that
   * computes needs the room.
   */
  boolean beginEarly(LeasedTask task, Runnable stop) {
    boolean hasRoom =
        early.containsKey(task.id()) || (!task.lease().isSuspect() && early.size() < idle());
    if (hasRoom) {
      early.put(task.id(), stop);
    }
    return hasRoom;
  }

  private void limitEarly() {
    while (early.size() > Math.max(0, idle())) {
      early.sequencedValues().removeLast().run();
    }
  }

  /** How many more tasks could compute; 0 while one needs to be alone. */
  private int idle() {
    return isQuarantined(Workload.COMPUTE)
        ? 0
        : config.concurrency() - projects(Workload.COMPUTE).size();
  }

  /** Whether a task whose data has been staged can continue here at once. */
  boolean goOn(LeasedTask task) {
    boolean hasRoom = !task.lease().isSuspect() && idle() > 0;
    if (hasRoom) {
      early.remove(task.id());
      taken.put(task.id(), new Taken(task.project(), Workload.COMPUTE, false));
      limitEarly();
    }
    return hasRoom;
  }

  void leave(LeasedTask task) {
    taken.remove(task.id());
    early.remove(task.id());
    toBeAlone.remove(task.id());
    if (projects(Workload.COMPUTE).size() == 1) {
      taken.forEach(
          (id, left) -> {
            if (left.workload == Workload.COMPUTE && toBeAlone.containsKey(id)) {
              toBeAlone.get(id).tryComplete();
            }
          });
    }
  }

  /** Completes when no other task computes; while a suspect waits or runs, no other starts to. */
  Future<Void> alone(LeasedTask task) {
    if (projects(Workload.COMPUTE).size() <= 1) {
      return Future.succeededFuture();
    }
    return toBeAlone.computeIfAbsent(task.id(), id -> Promise.promise()).future();
  }

  private boolean isQuarantined(Workload workload) {
    return workload == Workload.COMPUTE && taken.values().stream().anyMatch(Taken::isSuspect);
  }

  /** One entry for each task, so its size is the number of tasks. */
  private List<String> projects(Workload workload) {
    return taken.values().stream()
        .filter(each -> each.workload == workload)
        .map(Taken::project)
        .toList();
  }
}
