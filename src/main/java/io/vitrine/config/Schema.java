package io.vitrine.config;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys that the built-in defaults do not show, each with a value of its type. A path is that of
 * a section, such as {@code stores}, {@code staging}.
 *
 * @param sections the keys of sections
 * @param entries the keys of each entry of sections whose entries have names of the user's choice
 */
public record Schema(
    Map<List<String>, JsonObject> sections, Map<List<String>, JsonObject> entries) {
  /** Copies the maps. */
  public Schema {
    sections = Map.copyOf(sections);
    entries = Map.copyOf(entries);
  }

  /** All keys: those of the defaults, these, and those of the entries that a tree has. */
  JsonObject keys(JsonObject defaults, JsonObject tree) {
    var keys = defaults.copy();
    sections.forEach(
        (path, section) ->
            below(keys, path.subList(0, path.size() - 1)).put(path.getLast(), section.copy()));
    entries.forEach(
        (path, entry) -> {
          var all = below(keys, path);
          below(tree, path).fieldNames().forEach(name -> all.put(name, entry.copy()));
        });
    return keys;
  }

  /** The keys of an entry of a section; empty if the names there are fixed. */
  Optional<JsonObject> entry(List<String> path) {
    return Optional.ofNullable(entries.get(path)).map(JsonObject::copy);
  }

  /** The section of a path; an empty one if there is none. */
  private static JsonObject below(JsonObject tree, List<String> path) {
    var section = tree;
    for (var key : path) {
      section = section.getValue(key) instanceof JsonObject found ? found : new JsonObject();
    }
    return section;
  }
}
