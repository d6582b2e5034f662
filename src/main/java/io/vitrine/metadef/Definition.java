package io.vitrine.metadef;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a namespace defines.
 *
 * @param content the JSON form in the order given, without the name; a property's has it where it
 *     was given, because the property's entry in its namespace shows it then
 */
public record Definition(Kind kind, String name, Map<String, Object> content) {
  private static final String NAME = "name";

  /** What only the service writes into a definition's JSON form. */
  private static final List<String> ADDED = List.of("self", "schema", "created_at", "updated_at");

  /** Copies the content. The name is not checked: with a prefix it may be longer than one read. */
  public Definition {
    content = Collections.unmodifiableMap(new LinkedHashMap<>(content));
  }

  /** Reads the JSON form. */
  public static Definition parse(Kind kind, Object json) {
    var fields = Fields.of("A " + kind.noun(), json);
    return named(kind, fields.required(NAME), fields);
  }

  /** Reads the JSON form, which need not have the name. */
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

  /** A tag, which is no more than its name. */
  public static Definition tag(String name) {
    return checked(Kind.TAG, name, Map.of());
  }

  /** The prefix that a resource type association gives to properties, if it has one. */
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

  /** The same as if it had been given with its name, which only a property's content has. */
  Definition withName() {
    if (kind != Kind.PROPERTY || content.containsKey(NAME)) {
      return this;
    }
    var named = new LinkedHashMap<>(content);
    named.put(NAME, name);
    return new Definition(kind, name, named);
  }

  /** The same with a prefix before the names of properties, its own or those that it holds. */
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
