package io.vitrine.importer.finish;

import io.vertx.core.Vertx;
import io.vitrine.catalog.tasks.TaskEnd;
import io.vitrine.catalog.tasks.TaskHandback;
import io.vitrine.image.problem.Causes;
import io.vitrine.image.task.LeasedTask;
import io.vitrine.importer.run.Failure;
import io.vitrine.importer.run.TaskRun;
import io.vitrine.transfer.bus.Addresses;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records failed attempts: ends the task, or hands it back with its staged data. */
public final class FailedRuns {
  private static final Logger log = LoggerFactory.getLogger(FailedRuns.class);
  private static final Duration RETRY_PAUSE = Duration.ofSeconds(2);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  /** Attempts of a stopping process to reach a database that does not answer. */
  private static final int LAST_TRIES = 2;

  private final Vertx vertx;
  private final TaskHandback queue;
  private final TaskEnd end;
  private final SkippedTasks skipped;
  private final RetryPolicy policy;

  /** Records failed attempts as the policy decides, and skips the tasks that others must take. */
  public FailedRuns(Vertx vertx, TaskEndings endings, SkippedTasks skipped, RetryPolicy policy) {
    this.vertx = vertx;
    this.queue = endings.queue();
    this.end = endings.end();
    this.skipped = skipped;
    this.policy = policy;
  }

  /** The tasks that this worker leaves to others now. */
  public Set<UUID> skippedAt(long nowNanos) {
    return skipped.at(nowNanos);
  }

  /**
   * Records a failed attempt, retrying while the catalog is unreachable; returns the recorded
   * outcome, its value in metrics.
   */
  public String record(TaskRun<?> run, Throwable thrown, BooleanSupplier isStopping) {
    var task = run.task();
    var stopped = run.stopped();
    var failure = stopped == null ? Failure.of(thrown) : Failure.ofStopped(stopped);
    tell(task, failure, thrown, stopped == null);
    for (int tries = 1; ; tries++) {
      try {
        return carryOut(run, failure);
      } catch (Throwable lost) {
        if (Failure.of(lost).kind() == Failure.Kind.GONE) {
          return "lost";
        }
        boolean isLast = isStopping.getAsBoolean() && tries >= LAST_TRIES;
        if (isLast || Failure.isDefect(lost)) {
          log.atWarn()
              .addKeyValue("task_id", task.id())
              .addKeyValue("error", lost.toString())
              .log("The task is left to its lease, which runs out");
          return "lost";
        }
        pause(tries);
      }
    }
  }

  private static void tell(LeasedTask task, Failure failure, Throwable thrown, boolean isThrown) {
    if (isThrown && Failure.isDefect(thrown)) {
      log.atError().setCause(thrown).addKeyValue("task_id", task.id()).log("The task failed");
    }
    log.atInfo()
        .addKeyValue("task_id", task.id())
        .addKeyValue("image_id", task.image().id())
        .addKeyValue("kind", failure.kind())
        .addKeyValue(
            "error",
            failure.kind() == Failure.Kind.TRANSIENT
                ? Causes.bare(thrown).toString()
                : failure.reason())
        .log("The attempt stopped");
  }

  private void pause(int tries) {
    var pause = RETRY_PAUSE.multipliedBy(Math.min(tries, 8));
    var bounded = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    vertx.timer(bounded.toMillis(), TimeUnit.MILLISECONDS).await();
  }

  private String carryOut(TaskRun<?> run, Failure failure) {
    var task = run.task();
    return switch (policy.decide(task, failure)) {
      case FAIL -> fail(run, failure.reason());
      case RELEASE -> {
        queue.release(task, failure.reason()).await();
        yield wake();
      }
      case RETRY -> {
        var pause = RETRY_PAUSE.multipliedBy(task.attempt());
        queue.release(task, again(run, failure), pause).await();
        yield "released";
      }
      case SET_BACK -> {
        boolean isGone = failure.kind() == Failure.Kind.GONE;
        queue.setBack(task, isGone ? failure.reason() : again(run, failure)).await();
        yield "released";
      }
      case CRASHED -> {
        queue.crashed(task, again(run, failure)).await();
        yield "released";
      }
      case POSTPONE -> {
        skipped.add(task.id(), System.nanoTime());
        queue.postpone(task, failure.reason(), policy.nodePatience()).await();
        yield wake();
      }
      case START_OVER -> {
        var message = run.explain(failure.reason()) + " It will be fetched again.";
        queue.startOver(task, message).await();
        yield wake();
      }
    };
  }

  /** Lets another worker continue at once rather than at its next poll. */
  private String wake() {
    vertx.eventBus().publish(Addresses.IMPORT_WAKE, "");
    return "released";
  }

  private static String again(TaskRun<?> run, Failure failure) {
    return run.explain(failure.reason()) + " It will be tried again.";
  }

  private String fail(TaskRun<?> run, String reason) {
    var explained = run.explain(reason);
    run.conclude(Optional.of(reason));
    end.fail(run.task(), explained).await();
    return "failure";
  }
}
