package io.vitrine.metadef;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A definition in a namespace.
 *
 * @param content the JSON form in the given order, without the name; a property's keeps a given
 *     name, because its entry in the namespace shows it
 */
public record Definition(Kind kind, String name, Map<String, Object> content) {
  private static final String NAME = "name";

  /** The keys that only the service adds. */
  private static final List<String> ADDED = List.of("self", "schema", "created_at", "updated_at");

  /** Copies the content. The name is not checked: with its prefix it may exceed the limit. */
  public Definition {
    content = Collections.unmodifiableMap(new LinkedHashMap<>(content));
  }

  /** Parses the JSON form. */
  public static Definition parse(Kind kind, Object json) {
    var fields = Fields.of("A " + kind.noun(), json);
    return named(kind, fields.required(NAME), fields);
  }

  /** Parses the JSON form; its name is optional. */
  static Definition parse(Kind kind, String name, Object json) {
    return named(kind, name, Fields.of("A " + kind.noun(), json));
  }

  private static Definition named(Kind kind, String name, Fields fields) {
    var content = fields.without(ADDED);
    if (kind != Kind.PROPERTY) {
      content.remove(NAME);
    }
    return checked(kind, name, content);
  }

  private static Definition checked(Kind kind, String name, Map<String, Object> content) {
    Texts.requireName(NAME, name);
    return new Definition(kind, name, content);
  }

  /** A tag, which consists of its name. */
  public static Definition tag(String name) {
    return checked(Kind.TAG, name, Map.of());
  }

  /** The prefix that a resource type association adds to property names; null if it adds none. */
  public @Nullable String prefix() {
    return content.get("prefix") instanceof String prefix && !prefix.isEmpty() ? prefix : null;
  }

  /** The JSON form with the name in front. */
  public Map<String, Object> toJson() {
    var json = new LinkedHashMap<String, Object>();
    json.put(NAME, name);
    json.putAll(content);
    json.put(NAME, name);
    return json;
  }

  /**
   * This definition as if its name had been given in the content; only properties keep one there.
   */
  Definition withName() {
    if (kind != Kind.PROPERTY || content.containsKey(NAME)) {
      return this;
    }
    var named = new LinkedHashMap<>(content);
    named.put(NAME, name);
    return new Definition(kind, name, named);
  }

  /**
   * This definition with a prefix on its property names: its own name, or those of the properties
   * it contains.
   */
  Definition prefixed(String prefix) {
    return switch (kind) {
      case PROPERTY -> new Definition(kind, prefix + name, content);
      case OBJECT -> new Definition(kind, name, prefixedProperties(prefix));
      case RESOURCE_TYPE, TAG -> this;
    };
  }

  private Map<String, Object> prefixedProperties(String prefix) {
    var result = new LinkedHashMap<>(content);
    if (content.get("properties") instanceof Map<?, ?> properties) {
      var renamed = new LinkedHashMap<String, Object>();
      properties.forEach((key, value) -> renamed.put(prefix + key, value));
      result.put("properties", renamed);
    }
    if (content.get("required") instanceof List<?> required) {
      result.put("required", required.stream().map(each -> prefix + each).toList());
    }
    return result;
  }
}
