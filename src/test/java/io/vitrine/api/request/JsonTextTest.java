package io.vitrine.api.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
  private static Buffer body(String json) {
    return Buffer.buffer(json.getBytes(UTF_8));
  }

  @Test
  void readsEveryCharacter() {
    var json = "[\"\\ud83d\\ude00\", \"\ud83d\ude00\", \"\\\\ud83d\", \"\\u00e9\", \"\\uFFFF\"]";

    assertThat(JsonText.decode(body(json)))
        .isEqualTo(
            new JsonArray(List.of("\ud83d\ude00", "\ud83d\ude00", "\\ud83d", "\u00e9", "\uffff")));
  }

  @Test
  void skipsAByteOrderMark() {
    assertThat(JsonText.decode(body("\ufeff[1]"))).isEqualTo(new JsonArray().add(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\ud83d",
        "\\ude00",
        "\\ude00\\ud83d",
        "\\ud83d\\ud83d",
        "\\ud83dx",
        "\\ud83d\\n",
        "\\uD83D\\u0041",
        "\\ud83d\ude00",
        "\\u0000",
        "\\\\\\ud83d"
      })
  void refusesWhatIsNoText(String escaped) {
    for (var json : List.of("[\"%s\"]", "{\"%s\": 1}", "{\"a\": {\"b\": [\"x%sx\"]}}")) {
      assertThatThrownBy(() -> JsonText.decode(body(json.formatted(escaped))))
          .isInstanceOfSatisfying(
              ProblemException.class,
              refused -> assertThat(refused.problem()).isInstanceOf(Problem.Invalid.class));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u00ed\u00a0\u0080", // half of a pair
        "\u00c0\u0080", // NUL in two bytes
        "\u00c1\u0081",
        "\u00e0\u0080\u0080",
        "\u00f5\u0080\u0080\u0080",
        "\u00e9",
        "\u0080",
        "\u00ff",
        "\u0000"
      })
  void refusesBytesThatAreNoText(String bytes) {
    var json = Buffer.buffer(("[\"" + bytes + "\"]").getBytes(ISO_8859_1));

    assertThatThrownBy(() -> JsonText.decode(json)).isInstanceOf(ProblemException.class);
  }
}
