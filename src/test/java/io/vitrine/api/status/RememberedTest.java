package io.vitrine.api.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class RememberedTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final Deque<Promise<String>> asked = new ArrayDeque<>();
  private final Remembered<String> remembered;
  private final Vertx vertx;

  RememberedTest(Vertx vertx) {
    this.vertx = vertx;
    InstantSource source = now::get;
    remembered =
        new Remembered<>(this::ask, Duration.ofSeconds(30), source.withZone(ZoneOffset.UTC));
  }

  private Future<String> ask() {
    Promise<String> answer = Promise.promise();
    asked.add(answer);
    return answer.future();
  }

  private String get() throws Exception {
    return remembered.get(vertx).await(20, TimeUnit.SECONDS).value();
  }

  @Test
  void asksOnceForAllWhoWait() throws Exception {
    var first = remembered.get(vertx);
    var second = remembered.get(vertx);

    asked.element().complete("answer");

    assertThat(first.await(20, TimeUnit.SECONDS).value()).isEqualTo("answer");
    assertThat(second.await(20, TimeUnit.SECONDS).value()).isEqualTo("answer");
    assertThat(asked).hasSize(1);
  }

  @Test
  void asksAgainAfterAWhile() throws Exception {
    var first = remembered.get(vertx);
    asked.getLast().complete("old");
    assertThat(first.await(20, TimeUnit.SECONDS).at()).isEqualTo(Instant.EPOCH);
    now.set(Instant.EPOCH.plusSeconds(29));
    assertThat(get()).isEqualTo("old");

    now.set(Instant.EPOCH.plusSeconds(30));
    var again = remembered.get(vertx);
    asked.getLast().complete("new");

    assertThat(again.await(20, TimeUnit.SECONDS).value()).isEqualTo("new");
    assertThat(asked).hasSize(2);
  }

  @Test
  void keepsNoFailure() throws Exception {
    var first = remembered.get(vertx);
    asked.getLast().fail("down");
    assertThatThrownBy(() -> first.await(20, TimeUnit.SECONDS)).hasMessage("down");

    var again = remembered.get(vertx);
    asked.getLast().complete("up");

    assertThat(again.await(20, TimeUnit.SECONDS).value()).isEqualTo("up");
  }
}
