package io.vitrine.importer;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vitrine.bus.Addresses;
import io.vitrine.catalog.ImportProgress;
import io.vitrine.catalog.TaskQueue;
import io.vitrine.image.ImportTask;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import io.vitrine.telemetry.ImportMeters;
import io.vitrine.trace.Traces;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on the queue of import tasks, several at a time. Runs on virtual threads: each task reads
 * as one sequence and waits where it must; what a killed worker began, another goes on with from
 * its last checkpoint.
 */
public final class ImportVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(ImportVerticle.class);
  private static final Duration RETRY_PAUSE = Duration.ofSeconds(2);

  /** Longer than other workers need to look at the queue. */
  private static final Duration LEFT_TO_OTHERS_FOR = Duration.ofSeconds(5);

  private final TaskQueue queue;
  private final ImportProgress progress;
  private final Importing importing;
  private final ImportMeters meters;
  private final Traces traces;
  private final Settings settings;
  private final Set<Job> jobs = new HashSet<>();
  private final LeftToOthers leftToOthers = new LeftToOthers(LEFT_TO_OTHERS_FOR);
  private boolean isDraining;
  private boolean isHurried;
  private boolean isLeasing;
  private @Nullable Promise<Void> idle;

  /**
   * How tasks are worked on.
   *
   * @param concurrency tasks at the same time
   * @param maxAttempts after so many a task fails
   * @param poll how often the queue is looked at when no wake-up comes
   * @param grace how long running tasks may go on when the verticle stops
   * @param patience how long a task waits for a node that has its data and cannot be reached
   */
  public record Settings(
      int concurrency, int maxAttempts, Duration poll, Duration grace, Duration patience) {}

  /** A worker on a queue. */
  public ImportVerticle(
      TaskQueue queue,
      ImportProgress progress,
      Importing importing,
      ImportMeters meters,
      Traces traces,
      Settings settings) {
    this.queue = queue;
    this.progress = progress;
    this.importing = importing;
    this.meters = meters;
    this.traces = traces;
    this.settings = settings;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(settings.poll().toMillis(), tick -> look());
    vertx.runOnContext(later -> look());
    return vertx.eventBus().consumer(Addresses.IMPORT_WAKE, message -> look()).completion();
  }

  /** Takes nothing new, and hands back at once what is under way; called on any thread. */
  public void handBack() {
    context.runOnContext(
        now -> {
          isDraining = true;
          isHurried = true;
          interrupt();
        });
  }

  /** Lets running tasks finish within the grace time and hands the others back. */
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
    Set.copyOf(jobs).forEach(job -> job.stop(new Problem.Interrupted("The worker is stopping.")));
  }

  private void look() {
    if (isLeasing) {
      return;
    }
    isLeasing = true;
    try {
      while (!isDraining && jobs.size() < settings.concurrency()) {
        var task = queue.lease(leftToOthers.at(System.nanoTime())).await();
        if (task.isEmpty()) {
          return;
        }
        var job = new Job(vertx, task.get(), queue, meters, traces);
        jobs.add(job);
        job.on(vertx.getOrCreateContext()).runOnContext(later -> work(job));
      }
    } catch (Exception failure) {
      log.warn("The queue of imports cannot be read now: {}", failure.getMessage());
    } finally {
      isLeasing = false;
    }
  }

  private void work(Job job) {
    var task = job.task();
    log.info(
        "task={} image={} method={} attempt={} begins",
        task.id(),
        task.image().id(),
        task.method().text(),
        task.attempt());
    var meter = meters.begin();
    var outcome = "lost";
    try {
      requireAttemptsLeft(task);
      importing.run(job);
      outcome = "success";
      log.info("task={} image={} succeeded", task.id(), task.image().id());
    } catch (Exception failure) {
      outcome = settle(job, failure);
    } finally {
      meter.end(outcome);
      job.end(outcome);
      queue.drop(task);
      importing.cleanUp(job);
      jobs.remove(job);
      vertx.eventBus().publish(Addresses.GARBAGE_WAKE, "");
      if (idle != null && jobs.isEmpty()) {
        idle.tryComplete();
      }
      look();
    }
  }

  private void requireAttemptsLeft(ImportTask task) {
    if (task.attempt() > settings.maxAttempts()) {
      throw new ProblemException(
          new Problem.Forbidden(
              "Given up after %d attempts: each time the worker stopped without a result."
                  .formatted(settings.maxAttempts())));
    }
  }

  /** Fails the task, or hands it back when another attempt may do better; says which. */
  private String settle(Job job, Exception failure) {
    var task = job.task();
    var problem = Objects.requireNonNullElseGet(job.stopped(), () -> toProblem(task, failure));
    log.info("task={} image={} stopped: {}", task.id(), task.image().id(), problem.detail());
    try {
      return switch (problem) {
        case Problem.Gone gone -> "lost";
        case Problem.Interrupted interrupted -> {
          queue.release(task, problem.detail(), Duration.ZERO, true).await();
          // Another worker goes on now and not when it looks next.
          vertx.eventBus().publish(Addresses.IMPORT_WAKE, "");
          yield "released";
        }
        case Problem.Unreachable away -> {
          leftToOthers.add(task.id(), System.nanoTime());
          queue.postpone(task, away.detail(), settings.patience()).await();
          vertx.eventBus().publish(Addresses.IMPORT_WAKE, "");
          yield "released";
        }
        case Problem.Unavailable passing when task.attempt() < settings.maxAttempts() -> {
          queue
              .release(
                  task,
                  job.explain(problem.detail()) + " It will be tried again.",
                  RETRY_PAUSE.multipliedBy(task.attempt()),
                  false)
              .await();
          yield "released";
        }
        default -> {
          var reason = job.explain(problem.detail());
          job.conclude(Optional.of(problem.detail()));
          progress.fail(task, reason).await();
          yield "failure";
        }
      };
    } catch (Exception lost) {
      log.warn(
          "task={} could not be settled; its lease will run out: {}", task.id(), lost.getMessage());
      return "lost";
    }
  }

  private static Problem toProblem(ImportTask task, Exception failure) {
    if (failure instanceof ProblemException expected) {
      return expected.problem();
    }
    log.error("task={} failed", task.id(), failure);
    return new Problem.Unavailable("The import met an internal error.");
  }
}
