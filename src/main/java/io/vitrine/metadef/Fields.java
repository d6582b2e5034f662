package io.vitrine.metadef;

import static io.vitrine.image.problem.ProblemException.invalid;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON object, read field by field; null counts as absent. */
record Fields(Map<String, Object> values) {
  /** Fails unless the value is a JSON object. */
  static Fields of(String what, @Nullable Object json) {
    if (!(json instanceof Map<?, ?> map)) {
      throw invalid("%s must be a JSON object.".formatted(what));
    }
    var values = new LinkedHashMap<String, Object>();
    map.forEach(
        (key, value) -> {
          if (value != null) {
            values.put(String.valueOf(key), value);
          }
        });
    return new Fields(values);
  }

  String required(String key) {
    var text = text(key);
    if (text == null) {
      throw invalid("%s is missing.".formatted(key));
    }
    return text;
  }

  @Nullable String text(String key) {
    return switch (values.get(key)) {
      case null -> null;
      case String text -> text;
      default -> throw invalid("%s must be a text.".formatted(key));
    };
  }

  boolean flag(String key) {
    return switch (values.get(key)) {
      case null -> false;
      case Boolean flag -> flag;
      default -> throw invalid("%s must be true or false.".formatted(key));
    };
  }

  List<Object> list(String key) {
    return switch (values.get(key)) {
      case null -> List.of();
      case List<?> list -> new ArrayList<>(list);
      default -> throw invalid("%s must be a JSON array.".formatted(key));
    };
  }

  Map<String, Object> object(String key) {
    return values.containsKey(key) ? of(key, values.get(key)).values : Map.of();
  }

  /** All fields except these. */
  Map<String, Object> without(Iterable<String> keys) {
    var rest = new LinkedHashMap<>(values);
    keys.forEach(rest::remove);
    return rest;
  }
}
