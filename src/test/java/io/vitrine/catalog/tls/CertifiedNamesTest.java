package io.vitrine.catalog.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertifiedNamesTest {
  private static final CertifiedNames NAMES =
      new CertifiedNames(
          List.of("db_one", "DB.example", "*.pg.example", "*"),
          List.of("10.0.0.1", "0:0:0:0:0:0:0:1"));

  @ParameterizedTest
  @CsvSource({
    "db_one, true", "db_two, false", "db.EXAMPLE, true", "a.pg.example, true",
    "a.b.pg.example, false", "pg.example, false", "x.example, false", "10.0.0.1, true",
    "10.0.0.2, false", "::1, true", "::2, false"
  })
  void areComparedAsLibpqDoes(String host, boolean isIncluded) {
    assertThat(NAMES.include(host)).isEqualTo(isIncluded);
  }
}
