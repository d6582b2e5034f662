package io.vitrine.net.address;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShownPathTest {
  private static final String ID = "0f2b1c9a-3c11-4f2e-9d52-7b6f5a0d1e2f";

  @ParameterizedTest
  @CsvSource({
    "/vitrine/v1/tickets/vtk_abc, /vitrine/v1/tickets/…",
    "/image/vitrine/v1/tickets/abc, /image/vitrine/v1/tickets/…",
    "/vitrine/v1/tickets//abc/more, /vitrine/v1/tickets/…",
    "/vitrine/v1/tickets/" + ID + "/../abc, /vitrine/v1/tickets/…",
    "/v2/vtk_abc, /v2/vtk_…",
    "/vitrine/v1/%74ickets/abc, …",
    "/vitrine/v1/tickets/%61bc, …",
    "/v2/v%74k_abc, …",
    "/vitrine/v1/tickets/abc%0aline, …"
  })
  void hidesSecrets(String path, String shown) {
    assertThat(ShownPath.of(path)).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "*",
        "/v2/images",
        "/v2/images/%zz",
        "/v2/images/%e2%98%83%",
        "/vitrine/v1/images/" + ID + "/tickets",
        "/vitrine/v1/images/" + ID + "/tickets/" + ID
      })
  void showsOtherPathsAsTheyAre(String path) {
    assertThat(ShownPath.of(path)).isEqualTo(path);
  }

  @Test
  void showsNoPathAsNone() {
    assertThat(ShownPath.of(null)).isNull();
  }
}
