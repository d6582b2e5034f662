package io.vitrine.importer;

import io.vertx.core.Promise;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportTask;
import io.vitrine.importer.run.Step;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.testing.TestingConditions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** Runs imports until tests let them end, or until they are interrupted. */
final class GatedRuns implements TaskRunner<ImportTask> {
  private final Map<UUID, Promise<Boolean>> gates = new ConcurrentHashMap<>();
  private final List<UUID> begun = new ArrayList<>();
  private volatile boolean isOpen;

  @Override
  public boolean run(TaskRun<ImportTask> run, BooleanSupplier goOn) {
    var gate = gate(run.task());
    run.begin(Step.Simple.STORING, () -> gate.tryFail(ProblemException.interrupted("interrupted")));
    synchronized (begun) {
      begun.add(run.task().id());
    }
    if (isOpen) {
      gate.tryComplete(true);
    }
    return gate.future().await();
  }

  private Promise<Boolean> gate(ImportTask task) {
    return gates.computeIfAbsent(task.id(), id -> Promise.promise());
  }

  /** The run succeeds now. */
  void end(ImportTask task) {
    gate(task).tryComplete(true);
  }

  /** All runs end now, those too that are still to begin. */
  void endAll() {
    isOpen = true;
    gates.values().forEach(gate -> gate.tryComplete(true));
  }

  /** The run has staged its data, and has no room to go on. */
  void handOn(ImportTask task) {
    gate(task).tryComplete(false);
  }

  /** The run fails now. */
  void fail(ImportTask task, ProblemException failure) {
    gate(task).tryFail(failure);
  }

  /** The tasks that have begun, in order. */
  List<UUID> begun() {
    synchronized (begun) {
      return List.copyOf(begun);
    }
  }

  void awaitBegun(ImportTask... tasks) {
    for (var task : tasks) {
      TestingConditions.await("a task to begin", () -> begun().contains(task.id()));
    }
  }
}
