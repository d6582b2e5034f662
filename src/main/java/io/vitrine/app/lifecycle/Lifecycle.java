package io.vitrine.app.lifecycle;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops the parts of a server in the reverse order of their start, each within a deadline. */
public final class Lifecycle {
  /** How long one step of a start or a stop may take. */
  public static final Duration STEP_DEADLINE = Duration.ofSeconds(60);

  private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

  private final Deque<Closing> closings = new ArrayDeque<>();
  private final Promise<Void> hurry = Promise.promise();

  /** Registers an action for the end; it runs before those registered earlier. */
  public void onClose(String name, Action action) {
    closings.push(new Closing(name, action));
  }

  /** Runs all actions; a failure does not keep the others from running. */
  public void close() {
    for (var closing : List.copyOf(closings)) {
      try {
        log.atDebug().addKeyValue("part", closing.name()).log("Closing");
        closing.action().run();
      } catch (Exception failure) {
        log.atWarn()
            .addKeyValue("part", closing.name())
            .addKeyValue("error", failure.getMessage())
            .log("Cannot close a part cleanly");
      }
    }
    closings.clear();
  }

  /** Stops waiting for running work, also during a close in progress. */
  public void hurry() {
    if (hurry.tryComplete()) {
      log.info("Hurrying; running requests are cut off and running imports are handed back");
    }
  }

  /** Completes when running work must no longer be waited for. */
  public Future<Void> hurried() {
    return hurry.future();
  }

  /** Waits for a step, for {@link #STEP_DEADLINE} at most. */
  public static <T> T await(Future<T> future) throws Exception {
    return await(future, STEP_DEADLINE);
  }

  /** Waits for a step. */
  public static <T> T await(Future<T> future, Duration deadline) throws TimeoutException {
    return future.await(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A step of the start or the end. */
  @FunctionalInterface
  public interface Action {
    /** Starts or ends a part. */
    void run() throws Exception;
  }

  private record Closing(String name, Action action) {}
}
