package io.vitrine.catalog;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageQuery;
import io.vitrine.image.ImageQuery.Comparison;
import io.vitrine.image.ImageQuery.Filter;
import io.vitrine.image.ImageQuery.Sort;
import io.vitrine.image.Visibility;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The statement for one page of images. Pages follow each other by key, not by offset: a page costs
 * the same wherever it lies. Column names come from enums and fixed lists only; all values are
 * parameters.
 */
final class ListStatement {
  private final List<String> conditions = new ArrayList<>();
  private final Tuple values = Tuple.tuple();
  private final String sql;

  ListStatement(ImageQuery query, Caller caller, Optional<Image> marker) {
    conditions.add("deleted_at is null");
    conditions.add("hidden = " + parameter(query.hidden()));
    visibility(query, caller);
    query.filters().forEach(this::filter);
    marker.ifPresent(last -> conditions.add(after(query.sorts(), last)));
    var order = query.sorts().stream().map(ListStatement::order).collect(Collectors.joining(", "));
    sql =
        "select * from images where %s order by %s limit %s"
            .formatted(String.join(" and ", conditions), order, parameter(query.limit()));
  }

  String sql() {
    return sql;
  }

  Tuple values() {
    return values;
  }

  private void visibility(ImageQuery query, Caller caller) {
    query
        .visibility()
        .ifPresent(wanted -> conditions.add("visibility = " + parameter(wanted.text())));
    var own = caller.project() == null ? "false" : "owner = " + parameter(caller.project());
    if (!caller.isAdmin()) {
      conditions.add(
          "(%s or owner is null or visibility in ('public', 'community'))".formatted(own));
    }
    boolean isCommunityAskedFor =
        query.everyVisibility()
            || query.visibility().filter(Visibility.COMMUNITY::equals).isPresent();
    if (!isCommunityAskedFor) {
      conditions.add("(visibility <> 'community' or %s)".formatted(own));
    }
  }

  private void filter(Filter filter) {
    conditions.add(
        switch (filter) {
          case Filter.OneOf(String attribute, List<String> wanted) ->
              text(attribute) + " = any(" + parameter(wanted.toArray(String[]::new)) + ")";
          case Filter.Bound(String attribute, Comparison comparison, long bound) ->
              number(attribute) + operator(comparison) + parameter(bound);
          case Filter.Moment(String attribute, Comparison comparison, Instant moment) ->
              "date_trunc('second', %s)%s%s"
                  .formatted(time(attribute), operator(comparison), parameter(Rows.toTime(moment)));
          case Filter.Protected(boolean wanted) -> "protected = " + parameter(wanted);
          case Filter.Tagged(String tag) -> parameter(new String[] {tag}) + " <@ tags";
          case Filter.Property(var property) ->
              "properties @> "
                  + parameter(new JsonObject().put(property.getKey(), property.getValue()));
        });
  }

  /**
   * Rows behind the marker in the order of the keys: {@code k1 > m1 or (k1 = m1 and (k2 > m2 or
   * ...))}. Null sorts as the smallest value.
   */
  private String after(List<Sort> sorts, Image marker) {
    var sort = sorts.getFirst();
    var column = column(sort.key());
    var value = value(sort.key(), marker);
    String behind;
    String same;
    if (value == null) {
      behind = sort.descending() ? "false" : column + " is not null";
      same = column + " is null";
    } else {
      var parameter = parameter(value);
      behind =
          sort.descending()
              ? "(%s < %s or %s is null)".formatted(column, parameter, column)
              : column + " > " + parameter;
      same = column + " = " + parameter;
    }
    return sorts.size() == 1
        ? behind
        : "(%s or (%s and %s))"
            .formatted(behind, same, after(sorts.subList(1, sorts.size()), marker));
  }

  private static @Nullable Object value(ImageQuery.Key key, Image image) {
    return switch (key) {
      case NAME -> image.name();
      case STATUS -> image.status().text();
      case CONTAINER_FORMAT -> image.containerFormat();
      case DISK_FORMAT -> image.diskFormat();
      case SIZE -> image.size();
      case ID -> image.id().value();
      case CREATED_AT -> Rows.toTime(image.createdAt());
      case UPDATED_AT -> Rows.toTime(image.updatedAt());
    };
  }

  /**
   * Null counts as the smallest value; columns without nulls must not say so, or their indexes do
   * not match.
   */
  private static String order(Sort sort) {
    var direction = sort.descending() ? " desc" : " asc";
    var nulls =
        switch (sort.key()) {
          case STATUS, ID, CREATED_AT, UPDATED_AT -> "";
          case NAME, CONTAINER_FORMAT, DISK_FORMAT, SIZE ->
              sort.descending() ? " nulls last" : " nulls first";
        };
    return column(sort.key()) + direction + nulls;
  }

  private static String column(ImageQuery.Key key) {
    return key.name().toLowerCase(Locale.ROOT);
  }

  private static String text(String attribute) {
    return switch (attribute) {
      case "name", "status", "container_format", "disk_format", "owner", "checksum" -> attribute;
      case "os_hash_value" -> "hash_value";
      case "id" -> "id::text";
      default -> throw new IllegalArgumentException(attribute);
    };
  }

  private static String number(String attribute) {
    return switch (attribute) {
      case "size", "virtual_size", "min_disk", "min_ram" -> attribute;
      default -> throw new IllegalArgumentException(attribute);
    };
  }

  private static String time(String attribute) {
    return switch (attribute) {
      case "created_at", "updated_at" -> attribute;
      default -> throw new IllegalArgumentException(attribute);
    };
  }

  private static String operator(Comparison comparison) {
    return switch (comparison) {
      case EQ -> " = ";
      case NEQ -> " <> ";
      case GT -> " > ";
      case GTE -> " >= ";
      case LT -> " < ";
      case LTE -> " <= ";
    };
  }

  private String parameter(Object value) {
    values.addValue(value);
    return "$" + values.size();
  }
}
