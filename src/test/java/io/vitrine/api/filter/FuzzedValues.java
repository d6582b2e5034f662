package io.vitrine.api.filter;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** JSON as the OpenAPI document's schemas have it, and then spoilt here and there. */
final class FuzzedValues {
  static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a",
          "null",
          "-1",
          "0",
          "1e999",
          "99999999999999999999",
          "\u0000",
          "a\u0000b",
          "\uD83D\uDE00",
          "\uD800",
          "\uFEFF\u202E",
          "../../etc/passwd",
          "%00%ff",
          "in:",
          "in:\"a",
          "gt:2026-13-45",
          "'; --",
          "[{\\\"",
          "x".repeat(256),
          "y".repeat(100_000),
          "0-0-0-0-0",
          "9999-12-31T23:59:59Z",
          "+999999999-12-31T23:59:59Z",
          "http://127.0.0.1:1/",
          "file:///etc/passwd");

  private static final int MAX_DEPTH = 6;
  private static final int NESTING = 2_000;

  /** More than a body of JSON may have. */
  private static final int HUGE = 3 << 20;

  private final JsonObject document;
  private final RandomGenerator random;

  FuzzedValues(JsonObject document, RandomGenerator random) {
    this.document = document;
    this.random = random;
  }

  /** One of several. */
  <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** True in so many of a hundred cases. */
  boolean inPercent(int chance) {
    return random.nextInt(100) < chance;
  }

  /** What a reference stands for, or the object itself. */
  JsonObject resolve(JsonObject given) {
    return given.getValue("$ref") instanceof String reference
        ? Objects.requireNonNull(
            (JsonObject) JsonPointer.from(reference.substring(1)).queryJson(document))
        : given;
  }

  /** A value of the schema, unless it is spoilt. */
  @Nullable Object value(JsonObject schema) {
    return value(resolve(schema), 0);
  }

  private @Nullable Object value(JsonObject schema, int depth) {
    if (inPercent(3) || depth > MAX_DEPTH) {
      return wild(depth);
    }
    if (schema.getValue("enum") instanceof JsonArray choices && !choices.isEmpty()) {
      return choices.getValue(random.nextInt(choices.size()));
    }
    return switch (type(schema)) {
      case "object" -> object(schema, depth);
      case "array" -> array(schema.getJsonObject("items", new JsonObject()), depth);
      case "integer", "number" -> any(List.of(-1, 0, 1, 7, Long.MAX_VALUE));
      case "boolean" -> random.nextBoolean();
      case "string" -> inPercent(80) ? "name-" + random.nextInt(5) : any(TEXTS);
      default -> wild(depth);
    };
  }

  private static String type(JsonObject schema) {
    return switch (schema.getValue("type")) {
      case String type -> type;
      case JsonArray types -> types.getString(types.size() - 1);
      case null, default -> schema.containsKey("properties") ? "object" : "";
    };
  }

  private JsonObject object(JsonObject schema, int depth) {
    var object = new JsonObject();
    var required = schema.getJsonArray("required", new JsonArray());
    for (var each : schema.getJsonObject("properties", new JsonObject())) {
      var isWritable = !((JsonObject) each.getValue()).getBoolean("readOnly", false);
      if (required.contains(each.getKey()) || inPercent(isWritable ? 40 : 2)) {
        object.put(each.getKey(), value(resolve((JsonObject) each.getValue()), depth + 1));
      }
    }
    if (schema.getValue("additionalProperties") instanceof JsonObject others) {
      object.put(any(TEXTS), value(resolve(others), depth + 1));
    } else if (inPercent(5)) {
      object.put(any(TEXTS), wild(depth));
    }
    return object;
  }

  private JsonArray array(JsonObject items, int depth) {
    var array = new JsonArray();
    IntStream.range(0, random.nextInt(4)).forEach(i -> array.add(value(resolve(items), depth + 1)));
    return array;
  }

  private @Nullable Object wild(int depth) {
    return switch (random.nextInt(9)) {
      case 0 -> null;
      case 1 -> true;
      case 2 -> any(List.of(-1, 0, 1.5, 1e300, Long.MIN_VALUE));
      case 3 -> new JsonObject();
      case 4 -> new JsonArray();
      case 5 -> new JsonArray().add(depth > MAX_DEPTH ? null : wild(depth + 1));
      case 6 -> new JsonObject().put(any(TEXTS), depth > MAX_DEPTH ? null : wild(depth + 1));
      default -> any(TEXTS);
    };
  }

  /** Text that is no JSON, or JSON that nobody means. */
  String nonsense() {
    return any(
        List.of(
            "",
            "null",
            "7",
            "\"text\"",
            "[]",
            "{}",
            "{",
            "{\"a\":1,}",
            "NaN",
            "[1e999999999]",
            "{\"name\":" + "9".repeat(5_000) + "}",
            "\uFEFF{}",
            "{\"name\":\"\\ud800\"}",
            "{\"name\":\"a\",\"name\":\"b\"}",
            "{\"name\":\"" + "x".repeat(HUGE) + "\"}",
            "[".repeat(NESTING),
            "[".repeat(NESTING) + "]".repeat(NESTING),
            "{\"a\":".repeat(NESTING) + "1" + "}".repeat(NESTING)));
  }
}
