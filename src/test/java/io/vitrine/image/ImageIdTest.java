package io.vitrine.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageIdTest {
  @Test
  void readsBothCasesAsTheSame() {
    var id = ImageId.parse("71C675AB-D94F-49CD-A114-E12490B328D9");

    assertThat(id).isEqualTo(ImageId.parse("71c675ab-d94f-49cd-a114-e12490b328d9"));
    assertThat(id.orElseThrow()).hasToString("71c675ab-d94f-49cd-a114-e12490b328d9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1-1-1-1-1",
        "71c675abd94f49cda114e12490b328d9",
        "71c675ab-d94f-49cd-a114-e12490b328d",
        "71c675ab-d94f-49cd-a114-e12490b328dg",
        " 71c675ab-d94f-49cd-a114-e12490b328d9",
        "71c675ab-d94f-49cd-a114-e12490b328d9\n",
        "{71c675ab-d94f-49cd-a114-e12490b328d9}"
      })
  void readsNothingElse(String text) {
    assertThat(ImageId.parse(text)).isEmpty();
  }

  @Test
  void makesDifferentIds() {
    assertThat(ImageId.random()).isNotEqualTo(ImageId.random());
  }
}
