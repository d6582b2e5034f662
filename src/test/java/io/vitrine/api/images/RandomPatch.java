package io.vitrine.api.images;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.jspecify.annotations.Nullable;

/**
 * A document that changes an image, most of it as it should be.
 *
 * @param isDraft4 whether it is of the older dialect
 */
record RandomPatch(JsonArray operations, boolean isDraft4) {
  private static final List<@Nullable Object> WILD =
      Arrays.asList(
          null,
          "",
          "\u0000",
          "\uD83D\uDE00",
          "x".repeat(256),
          "public",
          -1,
          1.5,
          true,
          new JsonObject(),
          new JsonArray(),
          JsonArray.of("c", 7),
          JsonArray.of("x".repeat(256)));
  private static final List<String> WRONG_PATHS =
      List.of(
          "",
          "/",
          "p",
          "//p",
          "/p/",
          "/p/q",
          "/~",
          "/p~2",
          "/id",
          "/size",
          "/self",
          "/location",
          "/os_glance_x",
          "/\uD83D\uDE00",
          "/" + "x".repeat(256));
  private static final List<Object> NO_OPERATIONS =
      List.of(
          7,
          "add",
          new JsonArray(),
          new JsonObject(),
          JsonObject.of("op", "add", "add", "/p"),
          JsonObject.of("op", "add", "path", 7, "value", "a"),
          JsonObject.of("op", "copy", "path", "/p", "from", "/q"),
          JsonObject.of("op", "replace", "path", "/p"),
          JsonObject.of("add", "/p", "remove", "/p", "value", "a"),
          JsonObject.of("add", "/p"),
          JsonObject.of("remove", JsonObject.of()));
  private static final List<@Nullable Object> TEXTS =
      List.of("", "a", "\u00e4\"~1/", "x".repeat(255));

  /** What fits which path; a key may stand here more than once to be chosen more often. */
  private static final List<Map.Entry<String, List<@Nullable Object>>> FITTING =
      List.of(
          Map.entry("/name", TEXTS),
          Map.entry("/owner", List.of("a", "b")),
          Map.entry("/visibility", List.of("private", "shared", "community")),
          Map.entry("/protected", List.of(true, false)),
          Map.entry("/os_hidden", List.of(true, false)),
          Map.entry("/min_disk", List.of(0, 7, Integer.MAX_VALUE)),
          Map.entry("/min_ram", List.of(0, 7)),
          Map.entry("/tags", List.of(new JsonArray(), JsonArray.of("b", "a", "b"))),
          Map.entry("/disk_format", List.of("raw")),
          Map.entry("/container_format", List.of("bare")),
          Map.entry("/p", TEXTS),
          Map.entry("/p", TEXTS),
          Map.entry("/p", TEXTS),
          Map.entry("/q", TEXTS),
          Map.entry("/q", TEXTS),
          Map.entry("/~0~1", TEXTS),
          Map.entry("/~01", TEXTS),
          Map.entry("/a b:c", TEXTS),
          Map.entry("/\u00e4", TEXTS));

  static Arbitrary<RandomPatch> arbitrary() {
    return Arbitraries.randomValue(RandomPatch::of);
  }

  private static RandomPatch of(RandomGenerator random) {
    boolean isDraft4 = random.nextBoolean();
    var operations = new JsonArray();
    for (int i = random.nextInt(5); i > 0; i--) {
      operations.add(
          random.nextInt(30) == 0 ? any(random, NO_OPERATIONS) : operation(random, isDraft4));
    }
    return new RandomPatch(operations, isDraft4);
  }

  private static JsonObject operation(RandomGenerator random, boolean isDraft4) {
    var name = any(random, List.of("add", "add", "replace", "remove"));
    var fitting = any(random, FITTING);
    var path = random.nextInt(30) == 0 ? any(random, WRONG_PATHS) : fitting.getKey();
    var operation = isDraft4 ? JsonObject.of(name, path) : JsonObject.of("op", name, "path", path);
    if (!name.equals("remove") || random.nextInt(5) == 0) {
      boolean isWild = random.nextInt(20) == 0;
      operation.put("value", any(random, isWild ? WILD : fitting.getValue()));
    }
    return operation;
  }

  private static <T extends @Nullable Object> T any(RandomGenerator random, List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
