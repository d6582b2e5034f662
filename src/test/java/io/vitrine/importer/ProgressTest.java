package io.vitrine.importer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {
  private static final long MIB = 1 << 20;

  @ParameterizedTest
  @CsvSource({
    "0, 100, '0 of 100 MiB, 0 %'",
    "1, 3, '1 of 3 MiB, 33 %'",
    "100, 100, '100 of 100 MiB, 100 %'",
    "67108864, 67108864, '67108864 of 67108864 MiB, 100 %'"
  })
  void tellsTheShareOfAKnownTotal(long done, long total, String expected) {
    assertThat(Progress.describe("Copying", done * MIB, OptionalLong.of(total * MIB)))
        .isEqualTo("Copying: " + expected);
  }

  @Test
  void tellsTheAmountOfAnUnknownTotal() {
    assertThat(Progress.describe("Copying", 7 * MIB + 1, OptionalLong.empty()))
        .isEqualTo("Copying: 7 MiB");
  }

  @Test
  void dividesNothingByNothing() {
    assertThat(Progress.describe("Copying", 0, OptionalLong.of(0))).isEqualTo("Copying: 0 MiB");
  }
}
