package io.vitrine.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
  @ParameterizedTest
  @CsvSource({
    "0s, 0, 0s",
    "500ms, 500, 500ms",
    "2000ms, 2000, 2s",
    "15s, 15000, 15s",
    "90s, 90000, 90s",
    "5m, 300000, 5m",
    "48h, 172800000, 48h",
    "7d, 604800000, 168h"
  })
  void readsAndPrints(String text, long millis, String printed) {
    var duration = DurationText.parse(text).orElseThrow();

    assertThat(duration.toMillis()).isEqualTo(millis);
    assertThat(DurationText.print(duration)).isEqualTo(printed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "15", "-1s", "1.5h", "PT15S", "1w", "999999999999d"})
  void refuses(String text) {
    assertThat(DurationText.parse(text)).isEmpty();
  }
}
