package io.vitrine.importer.finish;

import io.vitrine.image.task.ImportMethod;
import io.vitrine.image.task.ImportTask;
import io.vitrine.image.task.LeasedTask;
import io.vitrine.importer.run.Failure;
import java.time.Duration;

/**
 * Decides what becomes of a task after a failed attempt. Only a fault of the data or the request,
 * or too many retries, end it.
 *
 * @param nodePatience how long a task waits for an unreachable node with its data
 */
public record RetryPolicy(RetryConfig config, Duration nodePatience) {
  /** What becomes of the task. */
  public enum Decision {
    /** It ends as failed. */
    FAIL,
    /** Any worker may go on at once; the attempt does not count. */
    RELEASE,
    /** It is retried after a pause; the attempt counts. */
    RETRY,
    /** It is retried after a growing pause; the attempt does not count. */
    SET_BACK,
    /** As above, and it is suspected of killing workers. */
    CRASHED,
    /** It is left to workers that reach the node with its data. */
    POSTPONE,
    /** Its data is fetched again; the attempt counts. */
    START_OVER
  }

  /** The consequence of a failure for a task. */
  public Decision decide(LeasedTask task, Failure failure) {
    return switch (failure.kind()) {
      case PERMANENT -> Decision.FAIL;
      case STOPPING -> Decision.RELEASE;
      // The image still exists; only the blob or the lease was lost.
      case GONE -> Decision.SET_BACK;
      case CRASH -> Decision.CRASHED;
      case COUNTED -> hasAttemptsLeft(task) ? Decision.RETRY : Decision.FAIL;
      case TRANSIENT ->
          isLonger(task.lease().setbackFor(), config.patience())
              ? Decision.FAIL
              : Decision.SET_BACK;
      case UNREACHABLE ->
          isLonger(task.lease().awayFor(), nodePatience) && canFetchAgain(task)
              ? startOver(task)
              : Decision.POSTPONE;
      case STAGING_LOST -> canFetchAgain(task) ? startOver(task) : Decision.FAIL;
    };
  }

  private Decision startOver(LeasedTask task) {
    return hasAttemptsLeft(task) ? Decision.START_OVER : Decision.FAIL;
  }

  private boolean hasAttemptsLeft(LeasedTask task) {
    return task.attempt() < config.maxAttempts();
  }

  private static boolean isLonger(Duration time, Duration limit) {
    return time.compareTo(limit) > 0;
  }

  /** Only for web-download: the token for another region is deleted once its data is staged. */
  private static boolean canFetchAgain(LeasedTask task) {
    return task instanceof ImportTask imported
        && imported.method() instanceof ImportMethod.WebDownload
        && imported.copies().isEmpty();
  }
}
