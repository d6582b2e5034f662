package io.vitrine.importer.finish;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SkippedTasksTest {
  @Test
  void skipsATaskForAWhileOnly() {
    var skipped = new SkippedTasks(Duration.ofNanos(10));
    var task = UUID.randomUUID();

    skipped.add(task, 100);

    assertThat(skipped.at(109)).containsExactly(task);
    assertThat(skipped.at(110)).isEmpty();
  }
}
