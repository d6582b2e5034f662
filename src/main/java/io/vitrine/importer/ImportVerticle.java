package io.vitrine.importer;

import static io.vitrine.image.problem.ProblemException.forbidden;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vitrine.catalog.sql.CatalogFailures;
import io.vitrine.catalog.tasks.ImportProgress;
import io.vitrine.catalog.tasks.TaskQueue;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.ImportTask.Stage;
import io.vitrine.importer.job.Job;
import io.vitrine.observe.metrics.ImportMeters;
import io.vitrine.observe.trace.Traces;
import io.vitrine.transfer.bus.Addresses;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
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

  /** Longer than the interval at which other workers poll the queue. */
  private static final Duration LEFT_TO_OTHERS_FOR = Duration.ofSeconds(5);

  private final TaskQueue queue;
  private final Settlement settlement;
  private final Importing importing;
  private final ImportMeters meters;
  private final Traces traces;
  private final Settings settings;
  private final Set<Job> jobs = new HashSet<>();
  private final Slots slots;

  /** Tasks whose data was fetched here, and which other workers may have taken over by now. */
  private final Set<UUID> handedOn = new HashSet<>();

  private final LeftToOthers leftToOthers = new LeftToOthers(LEFT_TO_OTHERS_FOR);
  private boolean isDraining;
  private boolean isHurried;
  private boolean isLeasing;
  private @Nullable Promise<Void> idle;

  /**
   * How the worker runs tasks.
   *
   * @param rooms concurrent tasks of each stage
   * @param reserve additional tasks for projects that have none running here
   * @param maxAttempts attempts after which a task fails
   * @param maxCrashes a task fails after this many workers died while running only this task
   * @param poll the interval at which the queue is polled when no wake-up arrives
   * @param grace how long running tasks may continue when the verticle stops
   * @param nodePatience how long a task waits for an unreachable node with its data
   * @param patience how long a task is retried after faults of the service
   */
  public record Settings(
      Map<Stage, Integer> rooms,
      int reserve,
      int maxAttempts,
      int maxCrashes,
      Duration poll,
      Duration grace,
      Duration nodePatience,
      Duration patience) {
    /** Copies the rooms. */
    public Settings {
      rooms = Map.copyOf(rooms);
    }
  }

  /** A worker on the given queue. */
  public ImportVerticle(
      TaskQueue queue,
      ImportProgress progress,
      Importing importing,
      ImportMeters meters,
      Traces traces,
      Settings settings) {
    this.queue = queue;
    this.importing = importing;
    this.meters = meters;
    this.traces = traces;
    this.settings = settings;
    this.slots = new Slots(settings.rooms(), settings.reserve());
    this.settlement = new Settlement(queue, progress, leftToOthers, settings);
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(settings.poll().toMillis(), tick -> look());
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
    if (jobs.isEmpty()) {
      return Future.succeededFuture();
    }
    var empty = Promise.<Void>promise();
    idle = empty;
    vertx.setTimer(isHurried ? 1 : Math.max(1, settings.grace().toMillis()), late -> interrupt());
    return empty.future();
  }

  private void interrupt() {
    Set.copyOf(jobs).forEach(job -> job.stop(interrupted()));
  }

  private void look() {
    if (isLeasing) {
      return;
    }
    isLeasing = true;
    try {
      for (var stage : Stage.values()) {
        take(stage);
      }
    } catch (Exception failure) {
      log.atLevel(CatalogFailures.level(failure))
          .log("The queue of imports cannot be read now: {}", failure.getMessage());
    } finally {
      isLeasing = false;
    }
  }

  private void take(Stage stage) {
    while (!isDraining) {
      var wanted = slots.wanted(stage, leftToOthers.at(System.nanoTime()), handedOn);
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

  private void begin(ImportTask task) {
    var job = new Job(vertx, task, queue, meters, traces);
    jobs.add(job);
    slots.enter(task);
    handedOn.remove(task.id());
    job.on(vertx.getOrCreateContext()).runOnContext(later -> work(job));
  }

  private void work(Job job) {
    var task = job.task();
    log.info(
        "task={} image={} method={} stage={} attempt={} lease={} begins",
        task.id(),
        task.image().id(),
        task.method().text(),
        task.stage().text(),
        task.attempt(),
        task.lease().number());
    var meter = meters.begin();
    var outcome = "lost";
    try {
      outcome = attempt(job);
    } catch (Throwable failure) {
      outcome = settlement.settle(job, failure, () -> isDraining);
    } finally {
      meter.end(outcome);
      end(job, outcome);
    }
  }

  private String attempt(Job job) throws Exception {
    var task = job.task();
    requireAttemptsLeft(task);
    isolate(job);
    if (importing.run(job, () -> slots.goOn(task))) {
      log.info("task={} image={} succeeded", task.id(), task.image().id());
      return "success";
    }
    handedOn.add(task.id());
    settlement.handOn(job);
    return "handed on";
  }

  private void requireAttemptsLeft(ImportTask task) {
    if (task.attempt() > settings.maxAttempts()) {
      throw forbidden("Given up after %d attempts.".formatted(settings.maxAttempts()));
    }
    if (task.lease().crashes() >= settings.maxCrashes()) {
      throw forbidden(
          "Given up: %d workers died while they worked on this import alone."
              .formatted(task.lease().crashes()));
    }
  }

  /**
   * Runs a suspect task alone: if it kills the worker again, it takes nothing else along, and is
   * known to be the cause.
   */
  private void isolate(Job job) {
    var task = job.task();
    if (task.lease().isSuspect() && task.stage() == Stage.WORK) {
      var turn = Promise.<Void>promise();
      slots.alone(task).onSuccess(turn::tryComplete);
      job.begin(
          () -> "Waiting to run alone, as a worker was lost with it",
          () -> turn.tryFail(new ProblemException(interrupted())));
      turn.future().await();
      queue.alone(task).await();
    }
  }

  private void end(Job job, String outcome) {
    try {
      job.end(outcome);
      queue.drop(job.task());
      importing.cleanUp(job);
    } finally {
      jobs.remove(job);
      slots.leave(job.task());
      vertx.eventBus().publish(Addresses.GARBAGE_WAKE, "");
      if (idle != null && jobs.isEmpty()) {
        idle.tryComplete();
      }
      look();
    }
  }

  private static Problem interrupted() {
    return new Problem.Interrupted("The worker is stopping.");
  }
}
