package io.vitrine.importer;

import static io.vitrine.image.problem.ProblemException.forbidden;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vitrine.catalog.sql.CatalogFailures;
import io.vitrine.catalog.tasks.TaskLeases;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.LeasedTask;
import io.vitrine.image.task.LocationTask;
import io.vitrine.image.task.Workload;
import io.vitrine.importer.finish.FailedRuns;
import io.vitrine.importer.finish.FinishStage;
import io.vitrine.importer.finish.RetryConfig;
import io.vitrine.importer.run.RunObservers;
import io.vitrine.importer.run.Step;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.transfer.bus.Addresses;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs import tasks from the queue, several at a time, on virtual threads: each task is one
 * blocking sequence. When a worker dies, another one resumes the task at its last checkpoint.
 */
public final class ImportVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(ImportVerticle.class);

  private final TaskLeases queue;
  private final Work work;
  private final RunObservers observers;
  private final Slots slots;
  private final RetryConfig retries;
  private final Times times;
  private final Set<TaskRun<?>> runs = new HashSet<>();

  /** Tasks whose data was fetched here, and which other workers may have taken over by now. */
  private final Set<UUID> handedOn = new HashSet<>();

  private boolean isDraining;
  private boolean isHurried;
  private boolean isLeasing;
  private @Nullable Promise<Void> idle;

  /** Runs each type of tasks, and ends them. */
  record Work(
      TaskRunner<ImportTask> imports,
      TaskRunner<LocationTask> locations,
      FinishStage finish,
      FailedRuns failed) {}

  /**
   * When the worker looks for tasks, and how it stops.
   *
   * @param poll the interval at which the queue is polled when no wake-up arrives
   * @param grace how long running tasks may continue when the verticle stops
   */
  record Times(Duration poll, Duration grace) {}

  /** How many tasks the worker runs at a time, how often it tries each, and when. */
  record Settings(Slots slots, RetryConfig retries, Times times) {}

  /** A worker on the given queue. */
  ImportVerticle(TaskLeases queue, Work work, RunObservers observers, Settings settings) {
    this.queue = queue;
    this.work = work;
    this.observers = observers;
    this.slots = settings.slots();
    this.retries = settings.retries();
    this.times = settings.times();
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(times.poll().toMillis(), tick -> look());
    vertx.runOnContext(later -> look());
    return vertx.eventBus().consumer(Addresses.IMPORT_WAKE, message -> look()).completion();
  }

  /** Stops taking tasks and releases the running ones at once; may be called on any thread. */
  public void handBack() {
    context.runOnContext(
        now -> {
          isDraining = true;
          isHurried = true;
          interrupt();
        });
  }

  /** Lets running tasks finish within the grace time, then releases the others. */
  @Override
  public Future<?> stop() {
    isDraining = true;
    if (runs.isEmpty()) {
      return Future.succeededFuture();
    }
    var empty = Promise.<Void>promise();
    idle = empty;
    vertx.setTimer(isHurried ? 1 : Math.max(1, times.grace().toMillis()), late -> interrupt());
    return empty.future();
  }

  private void interrupt() {
    Set.copyOf(runs).forEach(run -> run.stop(interrupted()));
  }

  private void look() {
    if (isLeasing) {
      return;
    }
    isLeasing = true;
    try {
      for (var workload : Workload.values()) {
        take(workload);
      }
    } catch (Exception failure) {
      log.atLevel(CatalogFailures.level(failure))
          .addKeyValue("error", failure.toString())
          .log("The queue of imports cannot be read now");
    } finally {
      isLeasing = false;
    }
  }

  private void take(Workload workload) {
    while (!isDraining) {
      var wanted = slots.wanted(workload, work.failed().skippedAt(System.nanoTime()), handedOn);
      if (wanted.isEmpty()) {
        return;
      }
      var task = queue.lease(wanted.get()).await();
      if (task.isEmpty()) {
        return;
      }
      begin(task.get());
    }
  }

  private void begin(LeasedTask task) {
    switch (task) {
      case ImportTask imported -> begin(imported, work.imports());
      case LocationTask located -> begin(located, work.locations());
    }
  }

  private <T extends LeasedTask> void begin(T task, TaskRunner<T> runner) {
    var run = new TaskRun<>(vertx, task, queue::progress, observers);
    runs.add(run);
    slots.enter(task);
    handedOn.remove(task.id());
    run.on(vertx.getOrCreateContext()).runOnContext(later -> work(run, runner));
  }

  private <T extends LeasedTask> void work(TaskRun<T> run, TaskRunner<T> runner) {
    var task = run.task();
    log.atInfo()
        .addKeyValue("task_id", task.id())
        .addKeyValue("image_id", task.image().id())
        .addKeyValue("task", task.name())
        .addKeyValue("workload", task.workload().text())
        .addKeyValue("attempt", task.attempt())
        .addKeyValue("lease", task.lease().number())
        .log("The attempt begins");
    var meter = observers.meters().begin();
    var outcome = "lost";
    try {
      outcome = attempt(run, runner);
    } catch (Throwable failure) {
      outcome = work.failed().record(run, failure, () -> isDraining);
    } finally {
      meter.end(outcome);
      end(run, outcome);
    }
  }

  private <T extends LeasedTask> String attempt(TaskRun<T> run, TaskRunner<T> runner)
      throws Exception {
    var task = run.task();
    requireAttemptsLeft(task);
    isolate(run);
    if (runner.run(run, () -> slots.goOn(task))) {
      log.atInfo()
          .addKeyValue("task_id", task.id())
          .addKeyValue("image_id", task.image().id())
          .log("The task succeeded");
      return "success";
    }
    handedOn.add(task.id());
    work.finish().handOn(run);
    return "handed on";
  }

  private void requireAttemptsLeft(LeasedTask task) {
    if (task.attempt() > retries.maxAttempts()) {
      throw forbidden("Given up after %d attempts.".formatted(retries.maxAttempts()));
    }
    if (task.lease().crashes() >= retries.maxCrashes()) {
      throw forbidden(
          "Given up: %d workers died while they worked on this import alone."
              .formatted(task.lease().crashes()));
    }
  }

  /**
   * Runs a suspect task alone: if it kills the worker again, it takes nothing else along, and is
   * known to be the cause.
   */
  private void isolate(TaskRun<?> run) {
    var task = run.task();
    if (task.lease().isSuspect() && task.workload() == Workload.COMPUTE) {
      var turn = Promise.<Void>promise();
      slots.alone(task).onSuccess(turn::tryComplete);
      run.begin(Step.Simple.WAITING_ALONE, () -> turn.tryFail(new ProblemException(interrupted())));
      turn.future().await();
      queue.alone(task).await();
    }
  }

  private void end(TaskRun<?> run, String outcome) {
    try {
      run.end(outcome);
      queue.drop(run.task());
    } finally {
      runs.remove(run);
      slots.leave(run.task());
      vertx.eventBus().publish(Addresses.GARBAGE_WAKE, "");
      if (idle != null && runs.isEmpty()) {
        idle.tryComplete();
      }
      look();
    }
  }

  private static Problem interrupted() {
    return new Problem.Interrupted("The worker is stopping.");
  }
}
