package io.vitrine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.catalog.database.SchemaState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SchemaWaitTest {
  private static final SchemaFinding AWAY =
      new SchemaFinding(SchemaFinding.UNREACHABLE, "The database does not answer.", true);
  private static final SchemaFinding EMPTY = SchemaFinding.of(new SchemaState.Behind(0, 29));
  private static final SchemaFinding BEHIND = SchemaFinding.of(new SchemaState.Behind(28, 29));
  private static final SchemaFinding READY = SchemaFinding.of(new SchemaState.UpToDate(29));

  private final AtomicLong nanos = new AtomicLong();
  private final SchemaWait.Clock clock =
      new SchemaWait.Clock(nanos::get, pause -> nanos.addAndGet(pause.toNanos()));
  private final List<String> lines = new ArrayList<>();

  @Test
  void waitsUntilTheSchemaIsThere() {
    var finding = ask(Duration.ofSeconds(60), AWAY, AWAY, EMPTY, BEHIND, READY);

    assertThat(finding.code()).isZero();
    assertThat(nanos).hasValue(Duration.ofSeconds(4).toNanos());
    assertThat(lines)
        .containsExactly(
            "Waiting for up to 60 s: The database does not answer.",
            "Waiting for up to 58 s: The database has no schema yet, but version 29 is needed;"
                + " run db migrate.",
            "Waiting for up to 57 s: The schema has version 28, but version 29 is needed;"
                + " run db migrate.");
  }

  @Test
  void givesUpWhenTheTimeIsOver() {
    var finding = ask(Duration.ofMillis(2500), AWAY, AWAY, BEHIND, BEHIND, READY);

    assertThat(finding.code()).isEqualTo(SchemaFinding.BEHIND);
    assertThat(nanos).hasValue(Duration.ofMillis(2500).toNanos());
  }

  @Test
  void asksOnceWithoutATime() {
    assertThat(ask(Duration.ZERO, AWAY, READY).code()).isEqualTo(SchemaFinding.UNREACHABLE);
    assertThat(lines).isEmpty();
  }

  @Test
  void doesNotWaitForASchemaToBecomeOlder() {
    var tooNew = SchemaFinding.of(new SchemaState.Newer(31, 29, false));
    var usable = SchemaFinding.of(new SchemaState.Newer(31, 29, true));

    assertThat(ask(Duration.ofSeconds(60), tooNew, READY).code()).isEqualTo(SchemaFinding.TOO_NEW);
    assertThat(ask(Duration.ofSeconds(60), usable, READY).line()).endsWith("it can still use it.");
    assertThat(lines).isEmpty();
  }

  @Test
  void waitsForTheDatabaseOnly() {
    assertThat(BEHIND.ofDatabase().mayPass()).isFalse();
    assertThat(AWAY.ofDatabase()).isEqualTo(AWAY);
  }

  @Test
  void takesDurationsOfTheConfiguration() {
    assertThat(TestingCommand.run(Map.of(), "db", "check", "--wait", "soon"))
        .satisfies(
            refused -> {
              assertThat(refused.code()).isEqualTo(2);
              assertThat(refused.text()).contains("\"soon\" is not a duration from 0s to 24h");
            });
  }

  private SchemaFinding ask(Duration longest, SchemaFinding... answers) {
    Iterator<SchemaFinding> next = List.of(answers).iterator();
    return new SchemaWait(longest, clock, lines::add).until(next::next);
  }
}
