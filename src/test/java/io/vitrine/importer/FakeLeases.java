package io.vitrine.importer;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vitrine.catalog.tasks.TaskLeases;
import io.vitrine.catalog.tasks.TaskSelection;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.LeasedTask;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A queue in memory that leases each task once, the first wanted one first. */
final class FakeLeases implements TaskLeases {
  private final Queue<LeasedTask> waiting = new ConcurrentLinkedQueue<>();
  private final List<TaskSelection> asked = new CopyOnWriteArrayList<>();
  private final List<UUID> dropped = new CopyOnWriteArrayList<>();
  private final List<UUID> alone = new CopyOnWriteArrayList<>();
  private final Set<UUID> lost = ConcurrentHashMap.newKeySet();
  private final AtomicInteger outages = new AtomicInteger();

  @Override
  public Future<Optional<LeasedTask>> lease(TaskSelection wanted) {
    asked.add(wanted);
    if (outages.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return Future.failedFuture(ProblemException.unavailable("no database"));
    }
    var found = waiting.stream().filter(task -> isWanted(task, wanted)).findFirst();
    found.ifPresent(waiting::remove);
    return Future.succeededFuture(found);
  }

  private static boolean isWanted(LeasedTask task, TaskSelection wanted) {
    return wanted.workloads().contains(task.workload())
        && !wanted.notThese().contains(task.id())
        && !wanted.notOf().contains(task.project());
  }

  @Override
  public void drop(LeasedTask task) {
    dropped.add(task.id());
  }

  @Override
  public Future<Void> progress(LeasedTask task, String message, JsonArray steps) {
    return lost.contains(task.id())
        ? Future.failedFuture(ProblemException.gone("taken over"))
        : Future.succeededFuture();
  }

  @Override
  public Future<Void> alone(LeasedTask task) {
    alone.add(task.id());
    return Future.succeededFuture();
  }

  void add(LeasedTask task) {
    waiting.add(task);
  }

  /** Another worker takes the task over. */
  void lose(LeasedTask task) {
    lost.add(task.id());
  }

  /** The next questions of the worker fail. */
  void breakFor(int questions) {
    outages.set(questions);
  }

  /** The questions of the worker, in order. */
  List<TaskSelection> asked() {
    return List.copyOf(asked);
  }

  /** The tasks that nobody has taken. */
  List<UUID> waiting() {
    return waiting.stream().map(LeasedTask::id).toList();
  }

  /** The tasks whose leases were given up. */
  List<UUID> dropped() {
    return List.copyOf(dropped);
  }

  /** The tasks that ran alone. */
  List<UUID> alone() {
    return List.copyOf(alone);
  }
}
