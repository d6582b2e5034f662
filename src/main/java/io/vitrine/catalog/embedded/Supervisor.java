package io.vitrine.catalog.embedded;

import io.vitrine.catalog.sql.DatabaseException;
import io.vitrine.config.FileFault;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restarts the server on its port whenever it exits unasked. If that happens too often, it gives up
 * and reports that once.
 */
public final class Supervisor implements AutoCloseable {
  /** The number of exits within the window after which the server is left down. */
  public static final int MAX_ENDS = 5;

  static final Duration WINDOW = Duration.ofMinutes(5);

  private static final Duration LOOK_INTERVAL = Duration.ofMillis(200);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Logger log = LoggerFactory.getLogger(Supervisor.class);

  private final Postmaster postmaster;
  private final CompletableFuture<Void> closing = new CompletableFuture<>();
  private final CompletableFuture<String> givenUp = new CompletableFuture<>();
  private final Deque<Long> ends = new ArrayDeque<>();
  private final Thread thread;
  private final AtomicLong restarts = new AtomicLong();
  private volatile Postmaster.Running running;

  Supervisor(Postmaster postmaster, Postmaster.Running running) {
    this.postmaster = postmaster;
    this.running = running;
    thread = Thread.ofPlatform().daemon().name("embedded-postgresql").start(this::watch);
  }

  /** The action receives the reason when the server is left down. */
  void onGivenUp(Consumer<String> action) {
    var _ = givenUp.thenAccept(action);
  }

  /** How often the server has been restarted. */
  long restarts() {
    return restarts.get();
  }

  private void watch() {
    try {
      while (hasEnded() && isStartedAgain()) {
        restarts.incrementAndGet();
      }
    } catch (IOException | RuntimeException failure) {
      giveUp("Cannot restart the embedded PostgreSQL: " + words(failure));
    }
  }

  /** Waits for the server to exit; false when it is to be stopped. */
  private boolean hasEnded() throws IOException {
    while (!closing.isDone() && !Processes.ends(running.process(), LOOK_INTERVAL)) {
      log.trace("the embedded PostgreSQL runs");
    }
    return !closing.isDone();
  }

  private boolean isStartedAgain() throws IOException {
    var reason = "it exited with code " + running.process().exitValue();
    while (!closing.isDone() && mayGoOn(reason)) {
      long start = System.nanoTime();
      try {
        running = postmaster.startAgain(running.port());
        log.atWarn()
            .addKeyValue("ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
            .log("The embedded PostgreSQL runs again");
        return true;
      } catch (IOException | DatabaseException failure) {
        reason = words(failure);
        pause();
      }
    }
    return false;
  }

  private boolean mayGoOn(String reason) {
    long now = System.nanoTime();
    ends.add(now);
    ends.removeIf(end -> now - end > WINDOW.toNanos());
    if (ends.size() > MAX_ENDS) {
      giveUp(
          ("The embedded PostgreSQL exited or failed to start %d times within %d minutes and"
                      + " is not restarted; the last time %s. See ")
                  .formatted(ends.size(), WINDOW.toMinutes(), reason)
              + postmaster.log());
      return false;
    }
    log.atWarn()
        .addKeyValue("restart", ends.size())
        .addKeyValue("max_restarts", MAX_ENDS)
        .addKeyValue("error", reason)
        .log("Restarting the embedded PostgreSQL");
    return true;
  }

  private void giveUp(String message) {
    if (!closing.isDone()) {
      givenUp.complete(message);
    }
  }

  /** Waits longer after each consecutive failure. */
  private void pause() {
    var pause = FIRST_PAUSE.multipliedBy(1L << Math.min(ends.size() - 1, MAX_ENDS));
    try {
      closing.get(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException over) {
      log.debug("The pause is over");
    } catch (ExecutionException | InterruptedException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String words(Exception failure) {
    return failure instanceof IOException file
        ? FileFault.words(file)
        : Objects.requireNonNullElse(failure.getMessage(), failure.toString());
  }

  /** Stops the server, even in the middle of a restart. */
  @Override
  public void close() throws IOException {
    closing.complete(null);
    postmaster.cancel();
    Processes.join(thread);
    if (running.process().isAlive()) {
      postmaster.stop(running.process().toHandle());
    }
  }
}
