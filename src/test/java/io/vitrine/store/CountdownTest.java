package io.vitrine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CountdownTest {
  private final AtomicInteger done = new AtomicInteger();
  private final Countdown work = new Countdown(done::incrementAndGet);

  @Test
  void waitsForAllWhoTakePart() {
    var first = work.join();
    var second = work.join();
    work.close();

    first.run();
    assertThat(done).hasValue(0);

    second.run();
    assertThat(done).hasValue(1);
  }

  @Test
  void waitsForTheEndOfJoining() {
    work.join().run();
    assertThat(done).hasValue(0);

    work.join().run();
    work.close();
    assertThat(done).hasValue(1);
  }
}
