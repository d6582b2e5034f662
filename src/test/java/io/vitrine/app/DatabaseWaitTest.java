package io.vitrine.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.app.lifecycle.StopRequest;
import io.vitrine.app.lifecycle.TestingStop;
import io.vitrine.catalog.sql.DatabaseException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DatabaseWaitTest {
  private final DatabaseException absent =
      new DatabaseException("absent", new ConnectException("refused"));

  private final StopRequest stop = TestingStop.request();
  private final AtomicInteger attempts = new AtomicInteger();

  @Test
  void triesUntilTheDatabaseIsThere() throws Exception {
    var wait = new DatabaseWait(Duration.ofMinutes(1), stop);

    wait.until(() -> failTimes(2));

    assertThat(attempts).hasValue(3);
  }

  @Test
  void triesOnceWhereItMayNotWait() {
    var wait = new DatabaseWait(Duration.ZERO, stop);

    assertThatThrownBy(() -> wait.until(() -> failTimes(9))).isSameAs(absent);
    assertThat(attempts).hasValue(1);
  }

  @Test
  void givesUpWhenTheTimeIsUp() {
    var wait = new DatabaseWait(Duration.ofMillis(1500), stop);

    assertThatThrownBy(() -> wait.until(() -> failTimes(9))).isSameAs(absent);
    assertThat(attempts).hasValueBetween(2, 3);
  }

  @Test
  void givesUpWhatNoWaitCures() {
    var wait = new DatabaseWait(Duration.ofMinutes(1), stop);
    var old = new DatabaseException("the schema is old");

    assertThatThrownBy(
            () ->
                wait.until(
                    () -> {
                      throw old;
                    }))
        .isSameAs(old);
  }

  @Test
  void endsAtOnceWhenAskedToStop() {
    var wait = new DatabaseWait(Duration.ofMinutes(1), stop);
    var never = new CountDownLatch(1);

    assertThatThrownBy(
            () ->
                wait.until(
                    () -> {
                      stop.ask();
                      never.await();
                    }))
        .isInstanceOf(StopRequest.AskedException.class);
  }

  @Test
  void endsAtOnceBetweenAttempts() {
    var wait = new DatabaseWait(Duration.ofMinutes(1), stop);

    assertThatThrownBy(
            () ->
                wait.until(
                    () -> {
                      if (attempts.incrementAndGet() == 2) {
                        stop.ask();
                      }
                      throw absent;
                    }))
        .isInstanceOf(StopRequest.AskedException.class);
    assertThat(attempts).hasValue(2);
  }

  private void failTimes(int count) {
    if (attempts.incrementAndGet() <= count) {
      throw absent;
    }
  }
}
