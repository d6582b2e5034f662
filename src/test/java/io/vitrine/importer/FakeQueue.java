package io.vitrine.importer;

import io.vertx.core.Future;
import io.vitrine.catalog.tasks.TaskEnd;
import io.vitrine.catalog.tasks.TaskHandback;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.LeasedTask;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Records what becomes of tasks. */
public final class FakeQueue implements TaskHandback, TaskEnd {
  private final List<String> events = new CopyOnWriteArrayList<>();
  private volatile @Nullable ProblemException failure;

  @Override
  public Future<Void> release(LeasedTask task, String message) {
    return record("released: " + message);
  }

  @Override
  public Future<Void> release(LeasedTask task, String message, Duration pause) {
    return record("retried in %d s: %s".formatted(pause.toSeconds(), message));
  }

  @Override
  public Future<Void> setBack(LeasedTask task, String message) {
    return record("set back: " + message);
  }

  @Override
  public Future<Void> crashed(LeasedTask task, String message) {
    return record("crashed: " + message);
  }

  @Override
  public Future<Void> handOn(LeasedTask task, String message) {
    return record("handed on: " + message);
  }

  @Override
  public Future<Void> postpone(LeasedTask task, String message, Duration patience) {
    return record("postponed: " + message);
  }

  @Override
  public Future<Void> startOver(LeasedTask task, String message) {
    return record("started over: " + message);
  }

  @Override
  public Future<Void> succeed(LeasedTask task, String message) {
    return record("succeeded: " + message);
  }

  @Override
  public Future<Void> fail(LeasedTask task, String reason) {
    return record("failed: " + reason);
  }

  private Future<Void> record(String event) {
    if (failure != null) {
      return Future.failedFuture(failure);
    }
    events.add(event);
    return Future.succeededFuture();
  }

  /** Everything fails from now on. */
  public void failWith(ProblemException newFailure) {
    failure = newFailure;
  }

  /** What became of the tasks, in order. */
  public List<String> events() {
    return List.copyOf(events);
  }
}
