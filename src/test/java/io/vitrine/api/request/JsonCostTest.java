package io.vitrine.api.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonCostTest {
  @Test
  void countsValuesHoweverDeep() {
    var document =
        new JsonObject()
            .put("a", new JsonArray().add(1).addNull().add(new JsonObject().put("b", true)))
            .put("c", Map.of("d", List.of()));

    assertThat(JsonCost.of(document.getMap(), 100)).isEqualTo(8);
    assertThat(JsonCost.of(document.getMap(), 7)).isEqualTo(8);
  }

  @Test
  void countsLongTextsByTheirPieces() {
    assertThat(JsonCost.of("x".repeat(63), 100)).isEqualTo(1);
    assertThat(JsonCost.of("x".repeat(64), 100)).isEqualTo(2);
    assertThat(JsonCost.of(new JsonArray().add("x".repeat(640)).getList(), 100)).isEqualTo(12);
  }

  @Test
  void doesNotLookBeyondTheLimit() {
    var seen = new ArrayList<Integer>();
    Iterable<Integer> endless =
        () ->
            new Iterator<>() {
              @Override
              public boolean hasNext() {
                return true;
              }

              @Override
              public Integer next() {
                seen.add(seen.size());
                return seen.size();
              }
            };

    assertThat(JsonCost.of(endless, 5)).isEqualTo(6);
    assertThat(seen).hasSize(5);
  }
}
