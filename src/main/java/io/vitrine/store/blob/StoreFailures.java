package io.vitrine.store.blob;

import static io.vitrine.image.problem.ProblemException.missing;

import io.vitrine.image.problem.Causes;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.io.Closeable;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Maps failures of stores to problems; the details go only to the log. */
public final class StoreFailures {
  private static final Logger log = LoggerFactory.getLogger(StoreFailures.class);
  private static final int MOST_REASONS = 5;

  private StoreFailures() {}

  /** The problem that callers are told of; the failure itself is logged. */
  public static Problem toProblem(String store, Throwable thrown) {
    var failure = Causes.bare(thrown);
    if (failure instanceof ProblemException expected) {
      return expected.problem();
    }
    if (failure instanceof IOException) {
      log.atError()
          .addKeyValue("store", store)
          .addKeyValue("error", reasons(failure))
          .log("The store failed");
    } else {
      log.atError().addKeyValue("store", store).setCause(failure).log("The store failed");
    }
    if (failure instanceof IOException disk && says(disk, "no space left", "quota exceeded")) {
      return new Problem.Full("There is not enough free space in the store for this image.");
    }
    return failure instanceof IOException disk && says(disk, "file too large")
        ? new Problem.TooLarge("The image is larger than this store can take.")
        : new Problem.Unavailable("The store failed; try again later.");
  }

  /** The store has less of an upload than it has said that it keeps. */
  public static ProblemException lostUpload() {
    return missing("The store has lost data of the upload; begin a new one.");
  }

  /** The failure and its causes in one line. */
  public static String reasons(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .limit(MOST_REASONS)
        .map(String::valueOf)
        .map(reason -> reason.replaceAll("\\s+", " "))
        .collect(Collectors.joining("; because of "));
  }

  /** Closes a resource that is no longer needed; a failure is only logged. */
  public static void close(String store, Closeable unwanted) {
    try {
      unwanted.close();
    } catch (IOException failure) {
      log.atWarn()
          .addKeyValue("store", store)
          .setCause(failure)
          .log("Cannot close data that was read");
    }
  }

  /** Java has no exception types for these, so this compares the texts of strerror(3). */
  private static boolean says(IOException failure, String... reasons) {
    var text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return Stream.of(reasons).anyMatch(text::contains);
  }
}
