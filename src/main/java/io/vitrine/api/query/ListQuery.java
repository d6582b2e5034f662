package io.vitrine.api.query;

import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.MultiMap;
import io.vitrine.api.request.ExpectedDigests;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageQuery;
import io.vitrine.image.ImageQuery.Comparison;
import io.vitrine.image.ImageQuery.Filter;
import io.vitrine.image.MemberStatus;
import io.vitrine.image.Visibility;
import io.vitrine.image.location.HashClaim;
import io.vitrine.image.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Parses the query parameters of an image list. */
public final class ListQuery {
  /** Each filter becomes a condition in every branch of the query. */
  private static final int MAX_FILTERS = 100;

  private static final Set<String> PAGING =
      Set.of(
          "limit",
          "marker",
          "sort",
          "sort_key",
          "sort_dir",
          "visibility",
          "member_status",
          "os_hidden");

  private final MultiMap parameters;

  private ListQuery(MultiMap parameters) {
    this.parameters = parameters;
  }

  /**
   * Parses the parameters of a list of images.
   *
   * @throws ProblemException invalid
   */
  public static ImageQuery parse(MultiMap parameters, ApiCapabilities capabilities) {
    var query = new ListQuery(parameters);
    var visibility = query.visibility();
    return new ImageQuery(
        limit(parameters, capabilities),
        query.marker(),
        SortOrder.parse(parameters),
        visibility,
        "all".equals(parameters.get("visibility")),
        query.memberStatus(),
        query.flag("os_hidden", query.last("os_hidden").toLowerCase(Locale.ROOT)),
        query.filters());
  }

  /** The page size: the client's limit, capped by the service's. */
  public static int limit(MultiMap parameters, ApiCapabilities capabilities) {
    var text = parameters.get("limit");
    if (text == null) {
      return Math.min(capabilities.listDefault(), capabilities.listMax());
    }
    var limit = number("limit", text);
    if (limit < 0) {
      throw invalid("limit param must be positive");
    }
    return Math.toIntExact(Math.min(limit, capabilities.listMax()));
  }

  private Optional<ImageId> marker() {
    return Optional.ofNullable(parameters.get("marker"))
        .map(
            text ->
                ImageId.parse(text)
                    .orElseThrow(
                        () ->
                            invalid("The marker '%s' is not the id of an image.".formatted(text))));
  }

  private Optional<Visibility> visibility() {
    var text = parameters.get("visibility");
    if (text == null || text.isEmpty() || text.equals("all")) {
      return Optional.empty();
    }
    return Optional.of(
        Visibility.of(text)
            .orElseThrow(
                () ->
                    invalid(
                        "Invalid visibility value: %s; use one of %s or all"
                            .formatted(text, Visibility.NAMES))));
  }

  private List<Filter> filters() {
    var filters = new ArrayList<Filter>();
    if ("".equals(parameters.get("visibility"))) {
      // Glance treats it as a visibility that no image has.
      filters.add(new Filter.OneOf("visibility", List.of("")));
    }
    for (var parameter : parameters) {
      if (!PAGING.contains(parameter.getKey())) {
        filters.add(filter(parameter.getKey(), parameter.getValue()));
      }
      if (filters.size() > MAX_FILTERS) {
        throw invalid("A list takes at most %d filters.".formatted(MAX_FILTERS));
      }
    }
    return filters;
  }

  private Filter filter(String key, String value) {
    return switch (key) {
      case "name", "id", "status", "container_format", "disk_format" ->
          new Filter.OneOf(key, FilterValue.oneOf(key, value));
      case "owner", "checksum", "os_hash_algo", "os_hash_value" ->
          new Filter.OneOf(key, List.of(value));
      case "digest" -> digest(ExpectedDigests.parse(value, "The value of digest"));
      case "size", "virtual_size", "min_disk", "min_ram" ->
          new Filter.Bound(key, Comparison.EQ, number(key, value));
      case "size_min", "virtual_size_min", "min_disk_min", "min_ram_min" ->
          bound(key, Comparison.GTE, value);
      case "size_max", "virtual_size_max", "min_disk_max", "min_ram_max" ->
          bound(key, Comparison.LTE, value);
      case "created_at", "updated_at" -> moment(key, value);
      case "protected" -> new Filter.Protected(flag(key, value));
      case "tag" -> new Filter.Tagged(value.strip());
      case "changes-since" ->
          throw invalid("changes-since is not a filter of this version of the API.");
      default -> new Filter.Property(Map.entry(key, value));
    };
  }

  /** A filter by digest; only the algorithms that images are hashed with make sense. */
  private static Filter digest(HashClaim wanted) {
    var attribute =
        switch (wanted.algorithm()) {
          case MD5 -> "checksum";
          case SHA256 -> "sha256";
          default -> "os_hash_value";
        };
    return new Filter.OneOf(attribute, List.of(wanted.value()));
  }

  private static Filter bound(String key, Comparison comparison, String value) {
    return new Filter.Bound(key.substring(0, key.lastIndexOf('_')), comparison, number(key, value));
  }

  /**
   * A filter by time. A time contains colons itself, so an operator is read only if the whole is no
   * time.
   */
  private static Filter moment(String key, String value) {
    var colon = value.indexOf(':');
    if (colon < 0 || IsoTime.parse(value).isPresent()) {
      return new Filter.Moment(key, Comparison.EQ, instant(key, value));
    }
    var operator = value.substring(0, colon);
    return Arrays.stream(Comparison.values())
        .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(operator))
        .findFirst()
        .map(
            comparison ->
                new Filter.Moment(key, comparison, instant(key, value.substring(colon + 1))))
        .orElseThrow(
            () ->
                invalid(
                    "The operator '%s' of %s is not one of gt, gte, lt, lte, eq, neq."
                        .formatted(operator, key)));
  }

  private static Instant instant(String key, String text) {
    return IsoTime.parse(text)
        .orElseThrow(
            () ->
                invalid(
                    "The time of %s, '%s', is not in the form 2026-01-31T12:00:00Z."
                        .formatted(key, text)));
  }

  private Optional<MemberStatus> memberStatus() {
    var text = Objects.requireNonNullElse(parameters.get("member_status"), "accepted");
    return text.equals("all")
        ? Optional.empty()
        : Optional.of(
            MemberStatus.of(text)
                .orElseThrow(
                    () ->
                        invalid(
                            "Invalid member_status: %s; use one of %s or all"
                                .formatted(text, MemberStatus.NAMES))));
  }

  private String last(String key) {
    return Optional.ofNullable(parameters.get(key)).orElse("false");
  }

  private boolean flag(String key, String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw invalid("The value of %s must be true or false, not '%s'.".formatted(key, value));
    };
  }

  private static long number(String key, String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException malformed) {
      throw invalid("The value of %s must be a whole number, not '%s'.".formatted(key, value));
    }
  }
}
