package io.vitrine.app.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StopRequestTest {
  private final StopRequest stop = new StopRequest();
  private final AtomicInteger hurries = new AtomicInteger();

  @BeforeEach
  void start() {
    stop.hurryBy(hurries::incrementAndGet);
  }

  @Test
  void isHeardBeforeAnyoneWaits() throws Exception {
    stop.signal();

    stop.await();
    assertThat(hurries).hasValue(0);
  }

  @Test
  void wakesWhoWaits() throws Exception {
    var waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                stop.await();
                return true;
              } catch (InterruptedException interrupted) {
                return false;
              }
            });
    stop.signal();

    assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void hurriesFromTheSecondSignalOn() {
    stop.signal();
    stop.signal();
    stop.signal();

    assertThat(hurries).hasValue(2);
  }

  @Test
  void hurriesWhenItIsStoppingAlready() {
    stop.ask();
    stop.signal();

    assertThat(hurries).hasValue(1);
  }
}
