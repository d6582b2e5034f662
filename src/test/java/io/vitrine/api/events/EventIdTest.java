package io.vitrine.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdTest {
  @Test
  void isTheMomentInMicroseconds() {
    var moment = Instant.parse("2026-11-30T14:00:00.123456Z");

    assertThat(EventId.parse(EventId.of(moment))).hasValue(moment);
    assertThat(EventId.of(moment)).isEqualTo("1796047200123456");
    assertThat(EventId.parse("0")).hasValue(Instant.EPOCH);
    assertThat(EventId.parse("9999999999999999"))
        .hasValueSatisfying(late -> assertThat(late).isAfter(moment.plus(365, ChronoUnit.DAYS)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.5", "12345678901234567", "one", " 1"})
  void takesNothingElse(String text) {
    assertThat(EventId.parse(text)).isEmpty();
  }
}
