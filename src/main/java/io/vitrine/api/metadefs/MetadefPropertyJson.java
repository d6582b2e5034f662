package io.vitrine.api.metadefs;

import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Properties of namespaces and objects as the API shows them. Clients know a default as text, as
 * Python writes it, for Glance keeps no other; of a list or an object they are told that there is
 * one, but not which.
 */
final class MetadefPropertyJson {
  private static final String DEFAULT = "default";

  private MetadefPropertyJson() {}

  /** One property, in the form in which it was given but for its default. */
  static JsonObject of(Map<String, Object> property) {
    var json = new JsonObject(new LinkedHashMap<>(property));
    return json.containsKey(DEFAULT) ? json.put(DEFAULT, text(json.getValue(DEFAULT))) : json;
  }

  /** The properties that a JSON object holds by their names. */
  static JsonObject all(JsonObject properties) {
    var json = new JsonObject();
    properties.forEach(
        each -> json.put(each.getKey(), of(((JsonObject) each.getValue()).getMap())));
    return json;
  }

  private static @Nullable String text(@Nullable Object value) {
    return switch (value) {
      case String text -> text;
      case Boolean flag -> flag ? "True" : "False";
      case Double number -> decimal(number);
      case Number number -> number.toString();
      case null, default -> null;
    };
  }

  private static String decimal(double number) {
    var plain = new BigDecimal(Double.toString(number)).toPlainString();
    return plain.contains(".") ? plain : plain + ".0";
  }
}
