package io.vitrine.api.schema;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.image.edit.ImageLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The JSON schemas of images, members and tasks, with this deployment's formats. */
public final class Schemas {
  private Schemas() {}

  static JsonObject image(ImageLimits limits) {
    var schema = load("/schemas/image.json");
    var properties = schema.getJsonObject("properties");
    properties.getJsonObject("disk_format").put("enum", orNull(limits.diskFormats()));
    properties.getJsonObject("container_format").put("enum", orNull(limits.containerFormats()));
    return schema;
  }

  /** The schema of {@code GET /v2/schemas/images}; {@code image} is that of each item. */
  public static JsonObject images(JsonObject image) {
    return pages("images", new JsonObject().put("type", "array").put("items", image));
  }

  /** The schema of a list with pages. */
  public static JsonObject pages(String name, JsonObject items) {
    var text = new JsonObject().put("type", "string");
    return new JsonObject()
        .put("name", name)
        .put(
            "properties",
            new JsonObject()
                .put(name, items)
                .put("first", text)
                .put("next", text)
                .put("schema", text))
        .put(
            "links",
            new JsonArray()
                .add(link("first", "{first}"))
                .add(link("next", "{next}"))
                .add(link("describedby", "{schema}")));
  }

  /** The schema of {@code GET /v2/schemas/member}. */
  public static JsonObject member() {
    return load("/schemas/member.json");
  }

  /** The schema of {@code GET /v2/schemas/members}; member lists have no pages. */
  public static JsonObject members() {
    return collection("members", member());
  }

  /** The schema of {@code GET /v2/schemas/task}. */
  public static JsonObject task() {
    return load("/schemas/task.json");
  }

  /** The schema of task lists, which omit the members that may be large. */
  public static JsonObject tasks() {
    var task = task();
    List.of("input", "result", "message").forEach(task.getJsonObject("properties")::remove);
    return collection("tasks", task);
  }

  /** The schema of a new task, of which only type and input may be given. */
  public static JsonObject newTask() {
    var task = task();
    task.getJsonObject("properties").getJsonObject("input").put("type", "object");
    return task.put("type", "object")
        .put("required", new JsonArray().add("type").add("input"))
        .put("additionalProperties", false);
  }

  private static JsonObject collection(String name, JsonObject item) {
    return new JsonObject()
        .put("name", name)
        .put(
            "properties",
            new JsonObject()
                .put(name, new JsonObject().put("type", "array").put("items", item))
                .put("schema", new JsonObject().put("type", "string")))
        .put("links", new JsonArray().add(link("describedby", "{schema}")));
  }

  private static JsonObject link(String relation, String target) {
    return new JsonObject().put("rel", relation).put("href", target);
  }

  private static JsonArray orNull(List<String> names) {
    var values = new JsonArray().addNull();
    names.forEach(values::add);
    return values;
  }

  /** Parses a JSON resource of the program; each call returns a new document. */
  public static JsonObject load(String resource) {
    try (var stream = Schemas.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException("missing resource " + resource);
      }
      return Buffer.buffer(stream.readAllBytes()).toJsonObject();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
