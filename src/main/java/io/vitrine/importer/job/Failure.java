package io.vitrine.importer.job;

import io.vertx.core.VertxException;
import io.vitrine.catalog.sql.CatalogFailures;
import io.vitrine.image.problem.Causes;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.io.UncheckedIOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;

/** Why an attempt at a task ended, by what that means for the task. */
public record Failure(Kind kind, String reason) {
  /** What becomes of the task. */
  public enum Kind {
    /** The data or the request is at fault: the task ends. */
    VERDICT,
    /** What the user has named failed, or a defect was met: another attempt, while any is left. */
    COUNTED,
    /** The worker had no memory left, as if it had died of the task. */
    CRASH,
    /** The service is at fault: handed back, without blame. */
    PASSING,
    /** Another node has the data: handed back to workers that reach it. */
    AWAY,
    /** The staged data is lost: fetched again where it can be, otherwise the task ends. */
    UNSTAGED,
    /** The worker stops: handed back at once. */
    STOPPING,
    /** The image or the lease is gone. */
    LOST
  }

  /** Why the job was stopped. */
  public static Failure ofStopped(Problem reason) {
    return new Failure(
        reason instanceof Problem.Interrupted ? Kind.STOPPING : kind(reason), reason.detail());
  }

  /** Anything that was thrown while a job was at work. */
  public static Failure of(Throwable thrown) {
    return switch (Causes.bare(thrown)) {
      case StagingLoss lost -> new Failure(Kind.UNSTAGED, lost.problem().detail());
      case CountedFailure counted -> new Failure(Kind.COUNTED, counted.problem().detail());
      case ProblemException expected ->
          new Failure(kind(expected.problem()), expected.problem().detail());
      case OutOfMemoryError full ->
          new Failure(Kind.CRASH, "The worker had no memory left for the import.");
      case Throwable fault when isPassing(fault) ->
          new Failure(Kind.PASSING, "A part of the service does not work now.");
      default -> new Failure(Kind.COUNTED, "The import met an internal error.");
    };
  }

  /**
   * What another line of work has thrown, to be thrown again as it was: what is checked goes its
   * way unseen, as it does out of a wait for a future.
   */
  public static <T extends Throwable> RuntimeException rethrown(Throwable thrown) throws T {
    @SuppressWarnings("unchecked")
    T same = (T) thrown;
    throw same;
  }

  /** Whether a failure is a defect of this program, which belongs into the log in full. */
  public static boolean isDefect(Throwable thrown) {
    var bare = Causes.bare(thrown);
    return !(bare instanceof ProblemException) && !isPassing(bare);
  }

  private static Kind kind(Problem problem) {
    return switch (problem) {
      case Problem.Gone _ -> Kind.LOST;
      case Problem.Unreachable _ -> Kind.AWAY;
      case Problem.Unavailable _, Problem.Full _, Problem.Interrupted _, Problem.Stalled _ ->
          Kind.PASSING;
      case Problem.Invalid _,
          Problem.Unauthenticated _,
          Problem.Forbidden _,
          Problem.NotFound _,
          Problem.Missing _,
          Problem.Damaged _,
          Problem.Conflict _,
          Problem.TooLarge _,
          Problem.UnsupportedContent _,
          Problem.OutOfRange _,
          Problem.NotOffered _ ->
          Kind.VERDICT;
    };
  }

  /** Whether input and output, a pool or another part of the service is at fault, not the code. */
  private static boolean isPassing(Throwable fault) {
    return switch (fault) {
      case Error _ -> false;
      case RuntimeException known ->
          !CatalogFailures.isDefect(known)
              && (CatalogFailures.isPassing(known)
                  || known instanceof VertxException
                  || known instanceof UncheckedIOException
                  || known instanceof RejectedExecutionException
                  || known instanceof CancellationException);
      // Whatever is checked tells of the world outside.
      default -> true;
    };
  }
}
