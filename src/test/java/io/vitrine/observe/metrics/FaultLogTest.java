package io.vitrine.observe.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FaultLogTest {
  private final List<String> lines = new ArrayList<>();
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final FaultLog log = new FaultLog(lines::add, Duration.ofSeconds(30), now::get);

  private void pass(int seconds) {
    now.addAndGet(seconds * 1_000_000_000L);
  }

  @Test
  void saysEachKindOnce() {
    log.met("lost", "lost a");
    log.met("lost", "lost b");
    log.met("busy", "busy");

    assertThat(lines).containsExactly("lost a", "busy");
  }

  @Test
  void sumsUpTheRest() {
    for (int i = 0; i < 100; i++) {
      log.met("lost", "lost " + i);
    }
    pass(29);
    log.sumUp();
    assertThat(lines).hasSize(1);

    pass(1);
    log.sumUp();
    assertThat(lines).containsExactly("lost 0", "99 more in 30 s, the last: lost 99");
  }

  @Test
  void beginsAnewAfterAQuietTime() {
    log.met("lost", "lost a");
    pass(31);

    log.met("lost", "lost b");

    assertThat(lines).containsExactly("lost a", "lost b");
  }
}
