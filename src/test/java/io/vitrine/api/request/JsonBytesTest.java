package io.vitrine.api.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The codec of Vert.x is the oracle. */
class JsonBytesTest {
  private static String written(Object document) {
    return JsonBytes.of(document, 1).toString(UTF_8);
  }

  @Test
  void writesEveryCharacterAsTheCodecDoes() {
    var all =
        IntStream.rangeClosed(0, Character.MAX_VALUE)
            .filter(unit -> !Character.isSurrogate((char) unit))
            .mapToObj(Character::toString)
            .collect(Collectors.joining());
    var document = new JsonObject().put(all, all).put("beyond", "a\ud83d\ude00b\"c");

    assertThat(written(document)).isEqualTo(document.encode());
  }

  @ParameterizedTest
  @MethodSource
  void writesValuesAsTheCodecDoes(Object value) {
    assertThat(written(value)).isEqualTo(Json.encode(value));
  }

  static List<Object> writesValuesAsTheCodecDoes() {
    return List.of(
        "",
        true,
        0,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        1.5,
        -1e300,
        new BigDecimal("123456789012345678901234567890.5"),
        Instant.EPOCH,
        new byte[] {1, 2, 3},
        new JsonObject(),
        new JsonArray(),
        Map.of("inner", List.of(1, Map.of("deep", List.of()))),
        new JsonObject().putNull("nothing").put("list", new JsonArray().addNull().add(false)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void growsAsTheDocumentDoes(long seed) {
    var random = new Random(seed);
    var document = new JsonArray();
    for (int i = 0; i < 500; i++) {
      var text =
          random
              .ints(random.nextInt(300), 0, 256)
              .mapToObj(Character::toString)
              .collect(Collectors.joining());
      document.add(new JsonObject().put(text, random.nextLong()));
    }

    assertThat(written(document)).isEqualTo(document.encode());
  }
}
