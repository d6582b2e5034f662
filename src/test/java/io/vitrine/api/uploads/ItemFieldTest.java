package io.vitrine.api.uploads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ItemFieldTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "?1              | true",
        "?0              | false",
        "' ?1 '          | true",
        "?1;a            | true",
        "?1; a=1;b=\"x\" | true",
        "?0;*k=?1;d=@0   | false",
        "?1;t=a/b;b=:aA=:| true"
      })
  void readsBooleans(String text, boolean value) {
    assertThat(ItemField.flag(List.of(text))).contains(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1", "true", "?2", "?1 ;a", "?1;A", "?1,", "?1 ?1", "?1;a=", "\"?1\""})
  void ignoresOtherBooleans(String text) {
    assertThat(ItemField.flag(List.of(text))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0,0", "007,7", "999999999999999,999999999999999", "8;draft,8"})
  void readsCounts(String text, long value) {
    assertThat(ItemField.count(List.of(text))).contains(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "+1", "1.0", "1e3", "1000000000000000", "x", "1 2", "0x1"})
  void ignoresOtherCounts(String text) {
    assertThat(ItemField.count(List.of(text))).isEmpty();
  }

  @Test
  void ignoresFieldsThatAreAbsentOrRepeated() {
    assertThat(ItemField.flag(List.of())).isEmpty();
    assertThat(ItemField.flag(List.of("?1", "?1"))).isEmpty();
    assertThat(ItemField.count(List.of("8", "8"))).isEmpty();
  }

  @Test
  void ignoresWhatIsTooLong() {
    assertThat(ItemField.flag(List.of("?1" + ";a".repeat(100_000)))).isEmpty();
    assertThat(ItemField.flag(List.of("?1" + ";a".repeat(400)))).contains(true);
  }
}
