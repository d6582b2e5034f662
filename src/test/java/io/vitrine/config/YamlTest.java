package io.vitrine.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTest {
  @Test
  void readsAMapping() {
    assertThat(parse("a: {b: [1, two], c: true}"))
        .isEqualTo(JsonObject.of("a", JsonObject.of("b", JsonArray.of(1, "two"), "c", true)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "# only\n  # comments\n"})
  void readsNothing(String document) {
    assertThat(parse(document)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"- a list", "a text", "{a: ", "!!java.net.URL [\"http://x\"]"})
  void refusesWhatIsNoMapping(String document) {
    assertThatThrownBy(() -> parse(document)).isInstanceOf(RuntimeException.class);
  }

  private static JsonObject parse(String document) {
    return Yaml.parse(document.getBytes(UTF_8));
  }
}
