package io.vitrine.api.metadefs;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.schema.Schemas;
import io.vitrine.metadef.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON schemas of metadata definitions and of lists of them. */
public final class MetadefSchemas {
  private static final String DEFINITIONS = "definitions";
  private static final String PROPERTIES = "properties";

  private MetadefSchemas() {}

  /** The schema of one namespace, from {@code GET /v2/schemas/metadefs/namespace}. */
  public static JsonObject namespace() {
    return dated("namespace").put(DEFINITIONS, load(DEFINITIONS));
  }

  /** The schema of one definition of the kind, as a new document at each call. */
  public static JsonObject of(Kind kind) {
    return switch (kind) {
      case RESOURCE_TYPE -> dated("resource_type");
      case PROPERTY -> property();
      case OBJECT -> dated("object").put(DEFINITIONS, load(DEFINITIONS));
      case TAG -> dated("tag");
    };
  }

  /** The body that adds several tags at once. */
  public static JsonObject newTags() {
    return load("new_tags");
  }

  /** All schemas, by the last segment of their path. */
  static Map<String, JsonObject> served() {
    var schemas = new LinkedHashMap<String, JsonObject>();
    schemas.put("namespace", namespace());
    schemas.put("namespaces", collection("namespaces", namespace()));
    for (var kind : Kind.values()) {
      var text = kind.text();
      var item = of(kind);
      schemas.put(text, item);
      schemas.put(
          kind == Kind.PROPERTY ? PROPERTIES : text + "s", collection(kind.collection(), item));
    }
    return schemas;
  }

  /** A single property is one of a namespace plus its name. */
  private static JsonObject property() {
    var definitions = load(DEFINITIONS);
    var property =
        ((JsonObject) definitions.remove("property")).getJsonObject("additionalProperties");
    definitions.getJsonObject("stringArray").put("minItems", 1);
    return new JsonObject()
        .put("name", "property")
        .put(PROPERTIES, property.getJsonObject(PROPERTIES))
        .put("additionalProperties", false)
        .put(DEFINITIONS, definitions)
        .put("required", new JsonArray().add("type").add("title").add("name"));
  }

  private static JsonObject dated(String name) {
    var schema = load(name);
    schema.getJsonObject(PROPERTIES).mergeIn(load("dates"));
    return schema;
  }

  /** A list needs the definitions of its items at the root, where references start. */
  private static JsonObject collection(String name, JsonObject item) {
    var inner = item.copy();
    var definitions = inner.remove(DEFINITIONS);
    var items =
        name.equals(PROPERTIES)
            ? new JsonObject()
                .put("type", "object")
                .put(
                    "additionalProperties",
                    inner.put("required", new JsonArray(List.of("type", "title"))))
            : new JsonObject().put("type", "array").put("items", inner);
    var schema = Schemas.pages(name, items);
    return definitions == null ? schema : schema.put(DEFINITIONS, definitions);
  }

  private static JsonObject load(String name) {
    return Schemas.load("/schemas/metadefs/" + name + ".json");
  }
}
