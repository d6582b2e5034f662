package io.vitrine.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads variables such as {@code VITRINE_HTTP__PORT} into a tree of keys. A value gets the type of
 * the built-in default.
 */
final class EnvironmentVariables {
  private static final String PREFIX = "VITRINE_";

  /** Read by the launcher; not a key of the configuration. */
  private static final Set<String> OTHERS = Set.of("VITRINE_JAVA_HOME", "VITRINE_CLASS_CACHE");

  /** Variables that Kubernetes adds to pods for a service whose name begins with "vitrine". */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          "VITRINE_(?:[A-Z0-9]+_)*?(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9]+)*"
              + "|PORT_\\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)");

  private static final Pattern SERVICE_URL = Pattern.compile("(?:tcp|udp|sctp)://.*");

  private final JsonObject keys;
  private final Schema schema;
  private final Faults faults;

  /**
   * Checks variables against the valid keys.
   *
   * @param keys a tree with every valid key, to which entries of new names are added
   */
  EnvironmentVariables(JsonObject keys, Schema schema, Faults faults) {
    this.keys = keys;
    this.schema = schema;
    this.faults = faults;
  }

  /** The tree of keys set by the variables; unknown ones become faults. */
  JsonObject read(Map<String, String> environment) {
    var result = new JsonObject();
    environment.entrySet().stream()
        .filter(variable -> variable.getKey().startsWith(PREFIX))
        .filter(variable -> !isForeign(variable.getKey(), variable.getValue()))
        .sorted(Map.Entry.comparingByKey())
        .forEach(variable -> put(variable.getKey(), variable.getValue(), result));
    return result;
  }

  private static boolean isForeign(String name, String value) {
    return OTHERS.contains(name)
        || SERVICE_LINK.matcher(name).matches()
        || (name.endsWith("_PORT") && !name.contains("__") && SERVICE_URL.matcher(value).matches());
  }

  private void put(String variable, String value, JsonObject result) {
    var levels = List.of(variable.substring(PREFIX.length()).split("__", -1));
    var known = keys;
    var given = result;
    var path = new ArrayList<String>();
    for (int depth = 0; depth < levels.size() - 1; depth++) {
      var key = key(known, levels.get(depth));
      if (!known.containsKey(key) && !key.isEmpty()) {
        var section = known;
        schema.entry(path).ifPresent(entry -> section.put(key, entry));
      }
      if (!(known.getValue(key) instanceof JsonObject below)) {
        addUnknown(variable);
        return;
      }
      known = below;
      given.getMap().putIfAbsent(key, new JsonObject());
      given = given.getJsonObject(key);
      path.add(key);
    }
    var key = key(known, levels.getLast());
    var replaced = known.getValue(key);
    if (replaced == null || replaced instanceof JsonObject) {
      addUnknown(variable);
    } else {
      given.put(key, typed(value, replaced));
    }
  }

  /** The section's key for the level, ignoring case and dashes, or else a new key. */
  private static String key(JsonObject section, String level) {
    return section.fieldNames().stream()
        .filter(name -> variable(name).equals(variable(level)))
        .findFirst()
        .orElseGet(() -> level.toLowerCase(Locale.ROOT));
  }

  private static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private void addUnknown(String variable) {
    var known = new ArrayList<String>();
    collect(PREFIX, keys, known);
    faults.add(variable + ": unknown variable; the nearest is " + Faults.nearest(variable, known));
  }

  private static void collect(String prefix, JsonObject section, List<String> names) {
    for (var entry : section) {
      var name = prefix + variable(entry.getKey());
      if (entry.getValue() instanceof JsonObject below) {
        collect(name + "__", below, names);
      } else {
        names.add(name);
      }
    }
  }

  /**
   * The value converted to the type of the default. Malformed text is kept, to be reported later.
   */
  private static Object typed(String value, Object replaced) {
    return switch (replaced) {
      case Integer number -> number(value);
      case Double ratio when value.matches("\\d{1,9}(\\.\\d{1,9})?") -> Double.valueOf(value);
      case Boolean flag when value.equals("true") || value.equals("false") -> value.equals("true");
      case JsonArray list when value.isEmpty() -> new JsonArray();
      case JsonArray list -> items(value, list);
      default -> value;
    };
  }

  private static JsonArray items(String value, JsonArray replaced) {
    var numbers = !replaced.isEmpty() && replaced.getValue(0) instanceof Integer;
    return new JsonArray(
        Arrays.stream(value.split(",", -1))
            .map(String::strip)
            .map(item -> numbers ? number(item) : (Object) item)
            .toList());
  }

  private static Object number(String value) {
    return value.matches("-?\\d{1,9}") ? (Object) Integer.valueOf(value) : value;
  }
}
