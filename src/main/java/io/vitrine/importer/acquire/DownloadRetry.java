package io.vitrine.importer.acquire;

import io.vertx.core.Vertx;
import io.vitrine.image.problem.Problem;
import io.vitrine.importer.run.SourceFailure;
import io.vitrine.importer.run.TaskRun;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Repeats downloads from servers that are down.
 *
 * @param attempts attempts of one download
 * @param pause before the second attempt; the later pauses grow
 */
public record DownloadRetry(Vertx vertx, int attempts, Duration pause) {
  /** Repeats the step while its source is unavailable and the task has not been stopped. Blocks. */
  <T> T run(TaskRun<?> run, Supplier<T> step) {
    for (int attempt = 1; ; attempt++) {
      try {
        return step.get();
      } catch (SourceFailure failure) {
        boolean isPassing =
            failure.problem() instanceof Problem.Unavailable && run.stopped() == null;
        if (!isPassing || attempt >= attempts) {
          throw failure;
        }
        vertx.timer(pause.multipliedBy(attempt).toMillis(), TimeUnit.MILLISECONDS).await();
      }
    }
  }
}
