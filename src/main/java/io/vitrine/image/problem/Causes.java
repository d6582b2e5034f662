package io.vitrine.image.problem;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * Takes failures out of what futures and threads wrap them in. Whoever decides by the kind of a
 * failure asks here first: a verdict inside a wrapper would pass for a defect.
 */
public final class Causes {
  private Causes() {}

  /** The failure itself, without wrappers that say nothing of their own. */
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
