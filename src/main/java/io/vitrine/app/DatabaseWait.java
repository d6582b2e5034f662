package io.vitrine.app;

import io.vitrine.app.lifecycle.Lifecycle;
import io.vitrine.app.lifecycle.StopRequest;
import io.vitrine.catalog.database.Absence;
import io.vitrine.catalog.sql.DatabaseException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the database while a process starts. Says once for each reason why. One wait spans all
 * steps of a start.
 */
final class DatabaseWait {
  private static final Logger log = LoggerFactory.getLogger(DatabaseWait.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** How often to look during an attempt whether the process is asked to stop. */
  private static final Duration LOOK = Duration.ofMillis(100);

  private final long start = System.nanoTime();
  private final Duration longest;
  private final StopRequest stop;
  private final Set<String> said = new HashSet<>();

  /**
   * Begins now.
   *
   * @param longest 0 does not wait
   * @param stop ends the wait
   */
  DatabaseWait(Duration longest, StopRequest stop) {
    this.longest = longest;
    this.stop = stop;
  }

  /**
   * Repeats the attempt once a second until it succeeds. Throws its {@link DatabaseException} if
   * waiting cannot help or the time is up; the last attempt may end after that.
   *
   * @throws StopRequest.AskedException as soon as the process is asked to stop
   */
  void until(Lifecycle.Action attempt) throws Exception {
    while (true) {
      try {
        make(attempt);
        tellEnd();
        return;
      } catch (DatabaseException absent) {
        var left = longest.minus(elapsed());
        if (!left.isPositive() || !Absence.mayPass(absent)) {
          throw absent;
        }
        tell(String.valueOf(absent.getMessage()), left);
      }
      stop.pause(PAUSE);
    }
  }

  /** On a thread of its own, because JDBC may block for half a minute. */
  private void make(Lifecycle.Action attempt) throws Exception {
    var outcome =
        new FutureTask<>(
            () -> {
              attempt.run();
              return true;
            });
    var thread = Thread.ofPlatform().daemon().name("database").start(outcome);
    while (!thread.join(LOOK)) {
      stop.pause(Duration.ZERO);
    }
    try {
      outcome.get();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof Exception cause ? cause : failed;
    }
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private void tell(String reason, Duration left) {
    if (said.add(reason)) {
      log.atWarn()
          .addKeyValue("error", reason)
          .addKeyValue("seconds_left", left.toSeconds())
          .log("Waiting for the database");
    }
  }

  private void tellEnd() {
    if (!said.isEmpty()) {
      said.clear();
      log.atInfo().addKeyValue("seconds", elapsed().toSeconds()).log("The database is there");
    }
  }
}
