package io.vitrine.api.query;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.MultiMap;
import io.vitrine.image.ImageQuery;
import io.vitrine.image.ImageQuery.Sort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Parses the sort parameters of a list; creation time and id are always appended, so the order is
 * total.
 */
final class SortOrder {
  private SortOrder() {}

  static List<Sort> parse(MultiMap parameters) {
    var sort = parameters.get("sort");
    var keys = parameters.getAll("sort_key");
    var directions = parameters.getAll("sort_dir").stream().map(SortOrder::isDescending).toList();
    if (sort != null && !(keys.isEmpty() && directions.isEmpty())) {
      throw invalid("sort cannot be combined with sort_key and sort_dir.");
    }
    if (sort != null) {
      var sorts = Arrays.stream(sort.split(",", -1)).map(SortOrder::one).toList();
      return complete(sorts, sorts.size() > 1 || sorts.getFirst().descending());
    }
    if (directions.size() > 1 && directions.size() != keys.size()) {
      throw invalid("Give one sort_dir for all sort_keys, or one for each.");
    }
    boolean isDescending = directions.size() == 1 ? directions.getFirst() : true;
    var sorts = new ArrayList<Sort>();
    for (int i = 0; i < keys.size(); i++) {
      sorts.add(
          new Sort(key(keys.get(i)), directions.size() > 1 ? directions.get(i) : isDescending));
    }
    return complete(sorts, isDescending);
  }

  private static List<Sort> complete(List<Sort> asked, boolean isDescending) {
    var sorts = new ArrayList<Sort>();
    for (var each : asked) {
      // A repeated key has no effect.
      if (sorts.stream().noneMatch(sort -> sort.key() == each.key())) {
        sorts.add(each);
      }
    }
    for (var key : List.of(ImageQuery.Key.CREATED_AT, ImageQuery.Key.ID)) {
      if (sorts.stream().noneMatch(sort -> sort.key() == key)) {
        sorts.add(new Sort(key, isDescending));
      }
    }
    return sorts;
  }

  private static Sort one(String text) {
    var parts = text.strip().split(":", 2);
    boolean isPlain = parts.length == 1 || parts[1].isEmpty();
    return new Sort(key(parts[0].strip()), isPlain || isDescending(parts[1].strip()));
  }

  private static boolean isDescending(String text) {
    return switch (text) {
      case "asc" -> false;
      case "desc" -> true;
      default -> throw invalid("Invalid sort direction: %s; use asc or desc".formatted(text));
    };
  }

  private static ImageQuery.Key key(String text) {
    return Arrays.stream(ImageQuery.Key.values())
        .filter(key -> key.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(() -> invalid("Invalid sort_key: " + text));
  }
}
