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

    assertThat(JsonCost.exceeds(document.getMap(), 8)).isFalse();
    assertThat(JsonCost.exceeds(document.getMap(), 7)).isTrue();
  }

  @Test
  void countsLongTextsByTheirPieces() {
    assertThat(JsonCost.exceeds("x".repeat(63), 1)).isFalse();
    assertThat(JsonCost.exceeds("x".repeat(64), 1)).isTrue();
    assertThat(JsonCost.exceeds(new JsonArray().add("x".repeat(640)).getList(), 12)).isFalse();
    assertThat(JsonCost.exceeds(new JsonArray().add("x".repeat(640)).getList(), 11)).isTrue();
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

    assertThat(JsonCost.exceeds(endless, 5)).isTrue();
    assertThat(seen).hasSize(5);
  }
}
