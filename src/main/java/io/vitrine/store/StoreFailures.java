package io.vitrine.store;

import io.vitrine.image.Causes;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import java.io.Closeable;
import java.io.IOException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What failures of a store mean to the caller; what they say goes to the log only. */
final class StoreFailures {
  private static final Logger log = LoggerFactory.getLogger(StoreFailures.class);

  private StoreFailures() {}

  static Problem toProblem(String store, Throwable thrown) {
    var failure = Causes.bare(thrown);
    if (failure instanceof ProblemException expected) {
      return expected.problem();
    }
    log.error("store={} failed", store, failure);
    return failure instanceof IOException disk && isFull(disk)
        ? new Problem.TooLarge("There is not enough free space in the store for this image.")
        : new Problem.Unavailable("The store could not do this now; try again later.");
  }

  /** Closes what is no longer wanted; a failure is only logged. */
  static void close(String store, Closeable unwanted) {
    try {
      unwanted.close();
    } catch (IOException failure) {
      log.warn("store={} does not close what was read", store, failure);
    }
  }

  /** Java has no type for these; the text is that of strerror(3). */
  private static boolean isFull(IOException failure) {
    var text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return text.contains("no space left")
        || text.contains("quota exceeded")
        || text.contains("file too large");
  }
}
