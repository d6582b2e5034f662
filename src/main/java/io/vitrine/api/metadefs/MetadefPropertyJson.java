package io.vitrine.api.metadefs;

import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of properties of namespaces and objects. Defaults are strings in Python's notation, as
 * Glance stores them; the default of a list or object is only known to exist.
 */
final class MetadefPropertyJson {
  private static final String DEFAULT = "default";

  private MetadefPropertyJson() {}

  /** One property as it was given, except for its default. */
  static JsonObject of(Map<String, Object> property) {
    var json = new JsonObject(new LinkedHashMap<>(property));
    return json.containsKey(DEFAULT) ? json.put(DEFAULT, text(json.getValue(DEFAULT))) : json;
  }

  /** The properties in a JSON object, by name. */
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
