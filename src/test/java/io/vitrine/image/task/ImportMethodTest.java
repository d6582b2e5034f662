package io.vitrine.image.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.image.ImageStatus;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportMethodTest {
  @ParameterizedTest
  @CsvSource({
    "glance-direct,   UPLOADING, true",
    "web-download,    QUEUED,    true",
    "glance-download, QUEUED,    true",
    "copy-image,      ACTIVE,    false",
  })
  void knowsWhatAnImageNeedsAndWhetherItGetsData(
      String name, ImageStatus status, boolean bringsData) {
    assertThat(ImportMethod.startsFrom(name)).isEqualTo(status);
    assertThat(ImportMethod.bringsData(name)).isEqualTo(bringsData);
  }
}
