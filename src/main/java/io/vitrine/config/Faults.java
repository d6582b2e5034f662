package io.vitrine.config;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects the faults of a configuration while its keys are read. */
final class Faults {
  private final List<String> messages = new ArrayList<>();
  private final Set<String> sections = new LinkedHashSet<>();
  private final Set<String> keys = new LinkedHashSet<>();

  void knowSection(String name) {
    sections.add(name);
  }

  void knowKey(String name) {
    keys.add(name);
  }

  void add(String message) {
    messages.add(message);
  }

  /** Adds a fault for every key of the tree that has not been read. */
  void addUnknownKeys(JsonObject tree) {
    addUnknownKeys("", tree);
  }

  private void addUnknownKeys(String prefix, JsonObject tree) {
    for (var entry : tree) {
      var name = prefix + entry.getKey();
      if (sections.contains(name)) {
        if (entry.getValue() instanceof JsonObject section) {
          addUnknownKeys(name + ".", section);
        }
      } else if (!keys.contains(name)) {
        add(name + ": unknown key; the nearest is " + nearest(name, keys));
      }
    }
  }

  /** Throws an exception with all faults, if there are any. */
  void throwIfAny() {
    if (!messages.isEmpty()) {
      throw new ConfigException(messages);
    }
  }

  /** The candidate with the least edit distance. */
  static String nearest(String name, Collection<String> candidates) {
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
        .orElseThrow();
  }

  /** The Levenshtein distance. */
  private static int distance(String from, String to) {
    var row = new int[to.length() + 1];
    for (var column = 0; column <= to.length(); column++) {
      row[column] = column;
    }
    for (var line = 1; line <= from.length(); line++) {
      var diagonal = row[0];
      row[0] = line;
      for (var column = 1; column <= to.length(); column++) {
        var same = from.charAt(line - 1) == to.charAt(column - 1);
        var change = diagonal + (same ? 0 : 1);
        diagonal = row[column];
        row[column] = Math.min(change, 1 + Math.min(row[column], row[column - 1]));
      }
    }
    return row[to.length()];
  }
}
