package io.vitrine.catalog.images;

import io.vitrine.catalog.sql.Conditions;
import io.vitrine.catalog.sql.Rows;
import io.vitrine.image.Image;
import io.vitrine.image.ImageQuery;
import io.vitrine.image.ImageQuery.Sort;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The order of a list and the position of a page. Pages are found by key, not by offset, so every
 * page costs the same. A null string sorts as the empty one and a null size as -1, as in the
 * indexes.
 */
record ListOrder(List<Sort> sorts) {
  /** The expression for a key in a plain query of images. */
  static String column(ImageQuery.Key key) {
    return switch (key) {
      case NAME -> "coalesce(name, '')";
      case CONTAINER_FORMAT -> "coalesce(container_format, '')";
      case DISK_FORMAT -> "coalesce(disk_format, '')";
      case SIZE -> "coalesce(size, -1)";
      case STATUS -> "status";
      case ID -> "id";
      case CREATED_AT -> "created_at";
      case UPDATED_AT -> "updated_at";
    };
  }

  String by(Function<ImageQuery.Key, String> columns) {
    return sorts.stream()
        .map(sort -> columns.apply(sort.key()) + (sort.descending() ? " desc" : " asc"))
        .collect(Collectors.joining(", "));
  }

  /** The condition for the images after the last one of the previous page. */
  String after(Image last, Function<ImageQuery.Key, String> columns, Conditions conditions) {
    var first = sorts.getFirst();
    if (sorts.stream().allMatch(sort -> sort.descending() == first.descending())) {
      return "(%s) %s (%s)"
          .formatted(
              join(sort -> columns.apply(sort.key())),
              first.descending() ? "<" : ">",
              join(sort -> conditions.parameter(value(sort.key(), last))));
    }
    // The first condition is implied by the rest, but only with it does the index scan start in the
    // right place.
    var bound = conditions.parameter(value(first.key(), last));
    return "%s %s %s and %s"
        .formatted(
            columns.apply(first.key()),
            first.descending() ? "<=" : ">=",
            bound,
            behind(sorts, last, columns, conditions));
  }

  /** {@code k1 > m1 or (k1 = m1 and (k2 > m2 or ...))}, each in its own direction. */
  private static String behind(
      List<Sort> sorts,
      Image last,
      Function<ImageQuery.Key, String> columns,
      Conditions conditions) {
    var sort = sorts.getFirst();
    var column = columns.apply(sort.key());
    var bound = conditions.parameter(value(sort.key(), last));
    var behind = column + (sort.descending() ? " < " : " > ") + bound;
    return sorts.size() == 1
        ? behind
        : "(%s or (%s = %s and %s))"
            .formatted(
                behind,
                column,
                bound,
                behind(sorts.subList(1, sorts.size()), last, columns, conditions));
  }

  private String join(Function<Sort, String> part) {
    return sorts.stream().map(part).collect(Collectors.joining(", "));
  }

  private static Object value(ImageQuery.Key key, Image image) {
    return switch (key) {
      case NAME -> Objects.requireNonNullElse(image.name(), "");
      case STATUS -> image.status().text();
      case CONTAINER_FORMAT -> Objects.requireNonNullElse(image.containerFormat(), "");
      case DISK_FORMAT -> Objects.requireNonNullElse(image.diskFormat(), "");
      case SIZE -> Objects.requireNonNullElse(image.size(), -1L);
      case ID -> image.id().value();
      case CREATED_AT -> Rows.toTime(image.createdAt());
      case UPDATED_AT -> Rows.toTime(image.updatedAt());
    };
  }
}
