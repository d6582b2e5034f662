package io.vitrine.importer.run;

import io.vertx.core.VertxException;
import io.vitrine.catalog.sql.CatalogFailures;
import io.vitrine.image.problem.Causes;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.io.UncheckedIOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;

/** The reason why an attempt ended, by its consequence for the task. */
public record Failure(Kind kind, String reason) {
  /** The consequence for the task. */
  public enum Kind {
    /** The data or the request is at fault: the task fails. */
    PERMANENT,
    /** Something the user named failed, or a defect was hit: retried while attempts are left. */
    COUNTED,
    /** The worker ran out of memory: counts as if it had died of the task. */
    CRASH,
    /** The service is at fault: retried later without counting the attempt. */
    TRANSIENT,
    /** The data is on an unreachable node: left to workers that reach it. */
    UNREACHABLE,
    /** The staged data is lost: fetched again if possible, otherwise the task fails. */
    STAGING_LOST,
    /** The worker is stopping: the task is released at once. */
    STOPPING,
    /** The image or the lease is gone. */
    GONE
  }

  /** The failure of a run that was stopped. */
  public static Failure ofStopped(Problem reason) {
    return new Failure(
        reason instanceof Problem.Interrupted ? Kind.STOPPING : kind(reason), reason.detail());
  }

  /** The failure for anything thrown by a run. */
  public static Failure of(Throwable thrown) {
    return switch (Causes.bare(thrown)) {
      case StagedDataLost lost -> new Failure(Kind.STAGING_LOST, lost.problem().detail());
      case SourceFailure counted -> new Failure(Kind.COUNTED, counted.problem().detail());
      case ProblemException expected ->
          new Failure(kind(expected.problem()), expected.problem().detail());
      case OutOfMemoryError full ->
          new Failure(Kind.CRASH, "The worker had no memory left for the import.");
      case Throwable fault when isPassing(fault) ->
          new Failure(Kind.TRANSIENT, "A part of the service is not working.");
      default -> new Failure(Kind.COUNTED, "The import met an internal error.");
    };
  }

  /**
   * Rethrows the failure of another thread as it was. Checked exceptions pass undeclared, as they
   * do from waiting for a future.
   */
  public static <T extends Throwable> RuntimeException rethrown(Throwable thrown) throws T {
    @SuppressWarnings("unchecked")
    T same = (T) thrown;
    throw same;
  }

  /** Whether it is a defect of this program, to be logged with its stack trace. */
  public static boolean isDefect(Throwable thrown) {
    var bare = Causes.bare(thrown);
    return !(bare instanceof ProblemException) && !isPassing(bare);
  }

  private static Kind kind(Problem problem) {
    return switch (problem) {
      case Problem.Gone _ -> Kind.GONE;
      case Problem.Unreachable _ -> Kind.UNREACHABLE;
      case Problem.Unavailable _, Problem.Full _, Problem.Interrupted _, Problem.Stalled _ ->
          Kind.TRANSIENT;
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
          Problem.Locked _,
          Problem.ChecksumMismatch _,
          Problem.NotOffered _ ->
          Kind.PERMANENT;
    };
  }

  /** Whether I/O, a pool or another part of the service is at fault rather than the code. */
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
      // Checked exceptions report conditions outside the program.
      default -> true;
    };
  }
}
