package io.vitrine.importer;

import io.vertx.core.Vertx;
import io.vitrine.catalog.tasks.ImportProgress;
import io.vitrine.catalog.tasks.TaskQueue;
import io.vitrine.image.problem.Causes;
import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.importer.job.Failure;
import io.vitrine.importer.job.Job;
import io.vitrine.transfer.bus.Addresses;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the outcome of attempts. Only a verdict on the data or the request fails a task; after a
 * fault of the service it is retried with growing pauses, up to the operator's patience.
 */
final class Settlement {
  private static final Logger log = LoggerFactory.getLogger(Settlement.class);
  private static final Duration RETRY_PAUSE = Duration.ofSeconds(2);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  /** Attempts of a stopping process to reach a database that does not answer. */
  private static final int LAST_TRIES = 2;

  private final TaskQueue queue;
  private final ImportProgress progress;
  private final LeftToOthers leftToOthers;
  private final ImportVerticle.Settings settings;

  Settlement(
      TaskQueue queue,
      ImportProgress progress,
      LeftToOthers leftToOthers,
      ImportVerticle.Settings settings) {
    this.queue = queue;
    this.progress = progress;
    this.leftToOthers = leftToOthers;
    this.settings = settings;
  }

  /** Releases a task whose data has been staged, for a worker with room. */
  void handOn(Job job) {
    job.conclude(Optional.empty());
    queue.handOn(job.task(), "The data is staged; waiting for a worker to go on.").await();
  }

  /**
   * Records a failed attempt, retrying while the catalog is unreachable; returns the recorded
   * outcome.
   */
  String settle(Job job, Throwable thrown, BooleanSupplier isStopping) {
    var task = job.task();
    var stopped = job.stopped();
    var failure = stopped == null ? Failure.of(thrown) : Failure.ofStopped(stopped);
    tell(task, failure, thrown, stopped == null);
    for (int tries = 1; ; tries++) {
      try {
        return record(job, failure);
      } catch (Throwable lost) {
        var why = Failure.of(lost);
        if (why.kind() == Failure.Kind.LOST) {
          return "lost";
        }
        boolean isLast = isStopping.getAsBoolean() && tries >= LAST_TRIES;
        if (isLast || Failure.isDefect(lost)) {
          log.warn("task={} is left to its lease, which runs out: {}", task.id(), lost.toString());
          return "lost";
        }
        pause(tries);
      }
    }
  }

  private static void tell(ImportTask task, Failure failure, Throwable thrown, boolean isThrown) {
    if (isThrown && Failure.isDefect(thrown)) {
      log.error("task={} failed", task.id(), thrown);
    }
    log.info(
        "task={} image={} stopped as {}: {}{}",
        task.id(),
        task.image().id(),
        failure.kind(),
        failure.reason(),
        failure.kind() == Failure.Kind.PASSING ? " (" + Causes.bare(thrown) + ")" : "");
  }

  private static void pause(int tries) {
    var pause = RETRY_PAUSE.multipliedBy(Math.min(tries, 8));
    var bounded = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    vertx().timer(bounded.toMillis(), TimeUnit.MILLISECONDS).await();
  }

  private static Vertx vertx() {
    return Objects.requireNonNull(Vertx.currentContext()).owner();
  }

  private String record(Job job, Failure failure) {
    var task = job.task();
    return switch (failure.kind()) {
      case LOST -> {
        // // The image still exists; only the blob or the lease was lost.
        queue.setBack(task, failure.reason()).await();
        yield "released";
      }
      case STOPPING -> {
        queue.release(task, failure.reason()).await();
        yield wake();
      }
      case AWAY -> {
        if (task.lease().awayFor().compareTo(settings.nodePatience()) > 0 && canFetchAgain(task)) {
          yield startOver(job, failure);
        }
        leftToOthers.add(task.id(), System.nanoTime());
        queue.postpone(task, failure.reason(), settings.nodePatience()).await();
        yield wake();
      }
      case UNSTAGED -> canFetchAgain(task) ? startOver(job, failure) : fail(job, failure.reason());
      case COUNTED -> {
        if (task.attempt() >= settings.maxAttempts()) {
          yield fail(job, failure.reason());
        }
        var pause = RETRY_PAUSE.multipliedBy(task.attempt());
        queue.release(task, again(job, failure), pause).await();
        yield "released";
      }
      case CRASH -> {
        queue.crashed(task, again(job, failure)).await();
        yield "released";
      }
      case PASSING -> {
        if (task.lease().setbackFor().compareTo(settings.patience()) > 0) {
          yield fail(job, failure.reason());
        }
        queue.setBack(task, again(job, failure)).await();
        yield "released";
      }
      case VERDICT -> fail(job, failure.reason());
    };
  }

  /** Only for web-download: the token for another region is deleted once its data is staged. */
  private static boolean canFetchAgain(ImportTask task) {
    return task.method() instanceof ImportMethod.WebDownload && task.copies().isEmpty();
  }

  private String startOver(Job job, Failure failure) {
    if (job.task().attempt() >= settings.maxAttempts()) {
      return fail(job, failure.reason());
    }
    var message = job.explain(failure.reason()) + " It will be fetched again.";
    progress.startOver(job.task(), message).await();
    return wake();
  }

  /** Lets another worker continue at once rather than at its next poll. */
  private static String wake() {
    vertx().eventBus().publish(Addresses.IMPORT_WAKE, "");
    return "released";
  }

  private static String again(Job job, Failure failure) {
    return job.explain(failure.reason()) + " It will be tried again.";
  }

  private String fail(Job job, String reason) {
    var explained = job.explain(reason);
    job.conclude(Optional.of(reason));
    progress.fail(job.task(), explained).await();
    return "failure";
  }
}
