package io.vitrine.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "1023, 1023, 1023",
    "4096, 4096, 4KiB",
    "5B, 5, 5",
    "256KiB, 262144, 256KiB",
    "1536 MiB, 1610612736, 1536MiB",
    "1TiB, 1099511627776, 1TiB",
    "8191PiB, 9222246136947933184, 8191PiB"
  })
  void readsAndPrints(String text, long bytes, String printed) {
    var size = ByteSize.of(text);

    assertThat(size.bytes()).isEqualTo(bytes);
    assertThat(size).hasToString(printed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.5GiB", "4MB", "4 mib", "8192PiB", "99999999999999999999"})
  void refuses(String text) {
    assertThat(ByteSize.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1 KiB",
    "1587, 1.5 KiB",
    "1073741823, 1024 MiB",
    "10737418240, 10 GiB",
    "9223372036854775807, 8192 PiB"
  })
  void saysToPeople(long bytes, String words) {
    assertThat(new ByteSize(bytes).toWords()).isEqualTo(words);
  }
}
