package io.vitrine.app;

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

/** What ends with a server, in the reverse order of its start; each step has a deadline. */
final class Lifecycle {
  static final Duration STEP_DEADLINE = Duration.ofSeconds(60);

  private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

  private final Deque<Closing> closings = new ArrayDeque<>();
  private final Promise<Void> hurry = Promise.promise();

  /** Has something done at the end, before all that is there already. */
  void onClose(String name, Action action) {
    closings.push(new Closing(name, action));
  }

  /** Does it all; what fails keeps nothing else from ending. */
  void close() {
    for (var closing : List.copyOf(closings)) {
      try {
        log.debug("closing {}", closing.name());
        closing.action().run();
      } catch (Exception failure) {
        log.warn("{} did not close cleanly: {}", closing.name(), failure.getMessage());
      }
    }
    closings.clear();
  }

  /** Has the end, which may be under way, wait no longer for running work. */
  void hurry() {
    if (hurry.tryComplete()) {
      log.info("hurrying; running work is cut off or handed back");
    }
  }

  /** Comes when there is no more time for running work. */
  Future<Void> hurried() {
    return hurry.future();
  }

  static <T> T await(Future<T> future) throws Exception {
    return await(future, STEP_DEADLINE);
  }

  static <T> T await(Future<T> future, Duration deadline) throws TimeoutException {
    return future.await(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What is done at the end. */
  interface Action {
    void run() throws Exception;
  }

  private record Closing(String name, Action action) {}
}
