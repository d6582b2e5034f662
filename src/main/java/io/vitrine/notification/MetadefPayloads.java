package io.vitrine.notification;

import io.vitrine.metadef.Dated;
import io.vitrine.metadef.Definition;
import io.vitrine.metadef.Kind;
import io.vitrine.metadef.Namespace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The payloads of notifications about metadata definitions, as Glance sends them. */
public final class MetadefPayloads {
  private static final List<String> OF_PROPERTY =
      List.of(
          "type",
          "title",
          "description",
          "default",
          "minimum",
          "maximum",
          "enum",
          "pattern",
          "minLength",
          "maxLength",
          "confidential",
          "items",
          "uniqueItems",
          "minItems",
          "maxItems",
          "additionalItems");

  private MetadefPayloads() {}

  /**
   * The payload of a namespace.
   *
   * @param oldName its name before the change
   */
  public static Map<String, Object> namespace(Dated<Namespace> namespace, String oldName) {
    var payload = new LinkedHashMap<String, @Nullable Object>();
    payload.put("namespace", namespace.value().name());
    payload.put("namespace_old", oldName);
    payload.put("display_name", namespace.value().displayName());
    payload.put("protected", namespace.value().isProtected());
    payload.put("visibility", namespace.value().visibility().text());
    payload.put("owner", namespace.value().owner());
    payload.put("description", namespace.value().description());
    putTimes(payload, namespace);
    return Payloads.withoutEnd(payload);
  }

  /**
   * The payload of a definition in a namespace.
   *
   * @param oldName its name before the change
   */
  public static Map<String, Object> definition(
      String namespace, Dated<Definition> definition, String oldName) {
    var content = definition.value().content();
    var payload = new LinkedHashMap<String, @Nullable Object>();
    payload.put("namespace", namespace);
    payload.put("name", definition.value().name());
    payload.put("name_old", oldName);
    switch (definition.value().kind()) {
      case PROPERTY -> putProperty(payload, content);
      case OBJECT -> {
        payload.put("properties", properties(content.get("properties")));
        put(payload, content, "required", "description");
      }
      case RESOURCE_TYPE -> put(payload, content, "prefix", "properties_target");
      case TAG -> {}
    }
    if (definition.value().kind() != Kind.PROPERTY) {
      putTimes(payload, definition);
    }
    return Payloads.withoutEnd(payload);
  }

  private static List<Object> properties(@Nullable Object byName) {
    var properties = new ArrayList<>();
    if (byName instanceof Map<?, ?> map) {
      map.forEach(
          (name, content) -> {
            var property = new LinkedHashMap<String, @Nullable Object>();
            property.put("name", name);
            putProperty(property, content instanceof Map<?, ?> fields ? fields : Map.of());
            properties.add(property);
          });
    }
    return properties;
  }

  private static void putProperty(Map<String, @Nullable Object> payload, Map<?, ?> content) {
    put(payload, content, OF_PROPERTY.toArray(String[]::new));
  }

  private static void put(
      Map<String, @Nullable Object> payload, Map<?, ?> content, String... keys) {
    for (var key : keys) {
      payload.put(key, content.get(key));
    }
  }

  private static void putTimes(Map<String, @Nullable Object> payload, Dated<?> dated) {
    payload.put("created_at", Payloads.time(dated.createdAt()));
    payload.put("updated_at", Payloads.time(dated.updatedAt()));
  }
}
