package io.vitrine.image.problem;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * Unwraps failures of futures and threads. Code that decides by the kind of a failure unwraps it
 * first; otherwise a wrapped verdict would pass for a defect.
 */
public final class Causes {
  private Causes() {}

  /** The failure without its wrappers. */
  public static Throwable bare(Throwable failure) {
    var bare = failure;
    for (var cause = bare.getCause(); cause != null && isWrapper(bare); cause = bare.getCause()) {
      bare = cause;
    }
    return bare;
  }

  private static boolean isWrapper(Throwable failure) {
    return failure instanceof CompletionException
        || failure instanceof ExecutionException
        || failure instanceof InvocationTargetException
        || failure instanceof UndeclaredThrowableException;
  }
}
