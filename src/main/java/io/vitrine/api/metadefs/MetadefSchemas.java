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

  public static JsonObject namespace() {
    return dated("namespace").put(DEFINITIONS, load(DEFINITIONS));
  }

  public static JsonObject of(Kind kind) {
    return switch (kind) {
      case RESOURCE_TYPE -> dated("resource_type");
      case PROPERTY -> property();
      case OBJECT -> dated("object").put(DEFINITIONS, load(DEFINITIONS));
      case TAG -> dated("tag");
    };
  }

  /** Tags that are sent together. */
  public static JsonObject newTags() {
    return load("new_tags");
  }

  /** Everything that is served, by the last part of its path. */
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

  /** A property alone has the attributes of one in a namespace, and needs a name. */
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

  /** A list has its items' definitions, because references start from the root. */
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
