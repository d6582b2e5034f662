package io.vitrine.catalog.sql;

import io.vertx.sqlclient.Tuple;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageQuery;
import io.vitrine.image.ImageQuery.Comparison;
import io.vitrine.image.ImageQuery.Filter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Builds conditions and collects their values. Column names come from fixed lists; all values are
 * parameters. Each condition has a form that an index supports.
 */
public final class Conditions {
  private final Tuple values = Tuple.tuple();

  /**
   * The values of all parameters so far, in order; later parameters are added to the same tuple.
   */
  public Tuple values() {
    return values;
  }

  /** Adds a value and returns its placeholder. */
  public String parameter(Object value) {
    values.addValue(value);
    return "$" + values.size();
  }

  /** The condition of a filter on images; an id that is no UUID matches nothing. */
  public String of(Filter filter) {
    return switch (filter) {
      case Filter.OneOf(String attribute, List<String> wanted) when attribute.equals("id") ->
          "id = any(" + parameter(ids(wanted)) + ")";
      case Filter.OneOf(String attribute, List<String> wanted) -> text(attribute, wanted);
      case Filter.Bound(String attribute, Comparison comparison, long bound) ->
          number(attribute) + operator(comparison) + parameter(bound);
      case Filter.Moment(String attribute, Comparison comparison, Instant moment) ->
          moment(time(attribute), comparison, moment);
      case Filter.Protected(boolean wanted) -> "protected = " + parameter(wanted);
      case Filter.Tagged(String tag) -> "tags @> " + parameter(new String[] {tag});
      case Filter.Property(var property) -> property(property.getKey(), property.getValue());
    };
  }

  private static UUID[] ids(List<String> wanted) {
    return wanted.stream()
        .map(ImageId::parse)
        .flatMap(Optional::stream)
        .map(ImageId::value)
        .toArray(UUID[]::new);
  }

  /**
   * Compares the indexed expression, in which null is the empty string, and the column itself: this
   * tells null apart, and only for the column does the planner have statistics.
   */
  private String text(String attribute, List<String> wanted) {
    return switch (attribute) {
      case "name", "container_format", "disk_format" ->
          isOneOf("coalesce(%s, '')".formatted(attribute), wanted)
              + " and "
              + isOneOf(attribute, wanted);
      case "status", "owner", "checksum", "visibility" -> isOneOf(attribute, wanted);
      case "os_hash_value" -> isOneOf("hash_value", wanted);
      case "os_hash_algo" -> isOneOf("hash_algo", wanted);
      case "sha256" -> isOneOf("sha256", wanted);
      default -> throw new IllegalArgumentException(attribute);
    };
  }

  /** A comparison with one value, unlike one with several, keeps the order of the index. */
  private String isOneOf(String column, List<String> wanted) {
    return wanted.size() == 1
        ? column + " = " + parameter(wanted.getFirst())
        : column + " = any(" + parameter(wanted.toArray(String[]::new)) + ")";
  }

  /**
   * Looks the key up by its hash. The exact comparison behind it is hidden from the planner, which
   * would otherwise count it as a second condition in its row estimate.
   */
  private String property(String key, String value) {
    var keyPlace = parameter(key) + "::text";
    var valuePlace = parameter(value) + "::text";
    return """
    property_keys @> array[hashtextextended(%s || chr(31) || %s, 0)]
      and case when properties ->> %s = %s then true else false end
    """
        .formatted(keyPlace, valuePlace, keyPlace, valuePlace);
  }

  /** The API has whole seconds only: 12:00:00.7 equals 12:00:00. */
  private String moment(String column, Comparison comparison, Instant moment) {
    var second = moment.truncatedTo(ChronoUnit.SECONDS);
    boolean isWhole = second.equals(moment);
    var from = isWhole ? second : second.plusSeconds(1);
    var after = second.plusSeconds(1);
    return switch (comparison) {
      case EQ -> isWhole ? notBefore(column, from) + " and " + before(column, after) : "false";
      case NEQ ->
          isWhole ? "(%s or %s)".formatted(before(column, from), notBefore(column, after)) : "true";
      case GT -> notBefore(column, after);
      case GTE -> notBefore(column, from);
      case LT -> before(column, from);
      case LTE -> before(column, after);
    };
  }

  private String before(String column, Instant moment) {
    return column + " < " + parameter(Rows.toTime(moment));
  }

  private String notBefore(String column, Instant moment) {
    return column + " >= " + parameter(Rows.toTime(moment));
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

  private static String operator(ImageQuery.Comparison comparison) {
    return switch (comparison) {
      case EQ -> " = ";
      case NEQ -> " <> ";
      case GT -> " > ";
      case GTE -> " >= ";
      case LT -> " < ";
      case LTE -> " <= ";
    };
  }
}
