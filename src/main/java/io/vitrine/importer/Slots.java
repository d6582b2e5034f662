package io.vitrine.importer;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vitrine.catalog.tasks.Wanted;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.ImportTask.Stage;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The worker's capacity for tasks. Tasks that wait for remote servers do not take capacity from
 * those that compute, and some capacity is reserved for projects with nothing running here. A task
 * suspected of killing a worker computes alone.
 *
 * <p>Confined to the import verticle's context.
 */
final class Slots {
  private final Map<Stage, Integer> rooms;
  private final int reserve;
  private final Map<UUID, Taken> taken = new LinkedHashMap<>();
  private final Map<UUID, Promise<Void>> toBeAlone = new LinkedHashMap<>();

  private record Taken(String project, Stage stage, boolean isSuspect) {}

  /**
   * Capacity for tasks.
   *
   * @param rooms concurrent tasks of each stage
   * @param reserve additional tasks of each stage, for projects that have none running here
   */
  Slots(Map<Stage, Integer> rooms, int reserve) {
    this.rooms = Map.copyOf(rooms);
    this.reserve = reserve;
  }

  boolean isEmpty() {
    return taken.isEmpty();
  }

  /** The query for the next task of a stage; empty while there is no capacity. */
  Optional<Wanted> wanted(Stage stage, Set<UUID> notThese, Set<UUID> own) {
    int left = rooms.getOrDefault(stage, 0) - projects(stage).size();
    if (left <= -reserve || isQuarantined(stage)) {
      return Optional.empty();
    }
    var others = new HashSet<>(notThese);
    others.addAll(taken.keySet());
    var full = left > 0 ? Set.<String>of() : Set.copyOf(projects(stage));
    return Optional.of(new Wanted(EnumSet.of(stage), others, full, own));
  }

  void enter(ImportTask task) {
    boolean isSuspect = task.lease().isSuspect() && task.stage() == Stage.WORK;
    taken.put(task.id(), new Taken(task.project(), task.stage(), isSuspect));
  }

  /** Whether a task whose data has been staged can continue here at once. */
  boolean goOn(ImportTask task) {
    boolean hasRoom =
        !task.lease().isSuspect()
            && !isQuarantined(Stage.WORK)
            && projects(Stage.WORK).size() < rooms.getOrDefault(Stage.WORK, 0);
    if (hasRoom) {
      taken.put(task.id(), new Taken(task.project(), Stage.WORK, false));
    }
    return hasRoom;
  }

  void leave(ImportTask task) {
    taken.remove(task.id());
    toBeAlone.remove(task.id());
    if (projects(Stage.WORK).size() == 1) {
      taken.forEach(
          (id, left) -> {
            if (left.stage == Stage.WORK && toBeAlone.containsKey(id)) {
              toBeAlone.get(id).tryComplete();
            }
          });
    }
  }

  /** Completes when no other task computes; while a suspect waits or runs, no other starts to. */
  Future<Void> alone(ImportTask task) {
    if (projects(Stage.WORK).size() <= 1) {
      return Future.succeededFuture();
    }
    return toBeAlone.computeIfAbsent(task.id(), id -> Promise.promise()).future();
  }

  private boolean isQuarantined(Stage stage) {
    return stage == Stage.WORK && taken.values().stream().anyMatch(Taken::isSuspect);
  }

  /** One entry for each task, so its size is the number of tasks. */
  private List<String> projects(Stage stage) {
    return taken.values().stream().filter(each -> each.stage == stage).map(Taken::project).toList();
  }
}
