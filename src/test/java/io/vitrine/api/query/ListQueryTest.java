package io.vitrine.api.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitrine.api.images.TestingQuery;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.api.schema.DescribedProperties;
import io.vitrine.api.schema.ImageSchema;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageQuery;
import io.vitrine.image.ImageQuery.Comparison;
import io.vitrine.image.ImageQuery.Filter;
import io.vitrine.image.ImageQuery.Filter.Bound;
import io.vitrine.image.ImageQuery.Filter.Moment;
import io.vitrine.image.ImageQuery.Filter.OneOf;
import io.vitrine.image.Visibility;
import io.vitrine.image.edit.ImageLimits;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListQueryTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final ImageLimits LIMITS = new ImageLimits(List.of(), List.of(), -1, -1);
  private static final ApiCapabilities OFFER =
      new ApiCapabilities(
          LIMITS,
          new ImageSchema(LIMITS, DescribedProperties.NONE),
          List.of(),
          Map.of(),
          "fast",
          1,
          25,
          1000,
          128,
          false,
          new ApiCapabilities.Locating(false, false, 10));

  @Test
  void hasDefaults() {
    var query = parse("");

    assertThat(query.limit()).isEqualTo(25);
    assertThat(query.marker()).isEmpty();
    assertThat(query.visibility()).isEmpty();
    assertThat(query.everyVisibility()).isFalse();
    assertThat(query.hidden()).isFalse();
    assertThat(query.filters()).isEmpty();
  }

  @Test
  void takesAsManyFiltersAsADatabaseCanBeAskedFor() {
    assertThat(parse(filters(100)).filters()).hasSize(100);
    assertThatThrownBy(() -> parse(filters(101)))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("100 filters");
  }

  private static String filters(int count) {
    return IntStream.range(0, count).mapToObj("p%d=v"::formatted).collect(Collectors.joining("&"));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "1000, 1000", "1001, 1000", "9223372036854775807, 1000"})
  void capsTheLimit(String limit, int expected) {
    assertThat(parse("limit=" + limit).limit()).isEqualTo(expected);
  }

  @Test
  void readsTheMarker() {
    var id = ImageId.random();

    assertThat(parse("marker=" + id).marker()).contains(id);
  }

  @ParameterizedTest
  @CsvSource({"public, PUBLIC", "private, PRIVATE", "shared, SHARED", "community, COMMUNITY"})
  void readsTheVisibility(String text, Visibility visibility) {
    assertThat(parse("visibility=" + text).visibility()).contains(visibility);
  }

  @Test
  void readsEveryVisibility() {
    var query = parse("visibility=all");

    assertThat(query.visibility()).isEmpty();
    assertThat(query.everyVisibility()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"true, true", "True, true", "false, false", "FALSE, false"})
  void readsHiddenInAnyCase(String text, boolean expected) {
    assertThat(parse("os_hidden=" + text).hidden()).isEqualTo(expected);
  }

  static Stream<Arguments> filters() {
    return Stream.of(
        arguments("name=cirros", new OneOf("name", List.of("cirros"))),
        arguments("name=", new OneOf("name", List.of(""))),
        arguments("name=eq:a:b", new OneOf("name", List.of("a:b"))),
        arguments("status=in:queued,active", new OneOf("status", List.of("queued", "active"))),
        arguments("id=in:1", new OneOf("id", List.of("1"))),
        arguments("disk_format=raw", new OneOf("disk_format", List.of("raw"))),
        arguments("container_format=bare", new OneOf("container_format", List.of("bare"))),
        arguments("owner=eq:a", new OneOf("owner", List.of("eq:a"))),
        arguments("checksum=ab", new OneOf("checksum", List.of("ab"))),
        arguments("os_hash_value=ab", new OneOf("os_hash_value", List.of("ab"))),
        arguments("size=5", new Bound("size", Comparison.EQ, 5)),
        arguments("virtual_size=5", new Bound("virtual_size", Comparison.EQ, 5)),
        arguments("min_disk=5", new Bound("min_disk", Comparison.EQ, 5)),
        arguments("min_ram=5", new Bound("min_ram", Comparison.EQ, 5)),
        arguments("size_min=5", new Bound("size", Comparison.GTE, 5)),
        arguments("size_max=5", new Bound("size", Comparison.LTE, 5)),
        arguments("min_ram_min=5", new Bound("min_ram", Comparison.GTE, 5)),
        arguments("min_disk_max=5", new Bound("min_disk", Comparison.LTE, 5)),
        arguments("created_at=2026-01-31T12:00:00Z", moment(Comparison.EQ)),
        arguments("created_at=eq:2026-01-31T12:00:00Z", moment(Comparison.EQ)),
        arguments("created_at=neq:2026-01-31T12:00:00", moment(Comparison.NEQ)),
        arguments("created_at=gt:2026-01-31T13:00:00%2B01:00", moment(Comparison.GT)),
        arguments("created_at=gte:2026-01-31T12:00:00.000Z", moment(Comparison.GTE)),
        arguments("created_at=lt:2026-01-31T12:00", moment(Comparison.LT)),
        arguments("created_at=lte:2026-01-31T11:30:00-00:30", moment(Comparison.LTE)),
        arguments("protected=true", new Filter.Protected(true)),
        arguments("protected=false", new Filter.Protected(false)),
        arguments("tag=a,b", new Filter.Tagged("a,b")),
        arguments("os_type=in:linux", new Filter.Property(Map.entry("os_type", "in:linux"))));
  }

  @ParameterizedTest
  @MethodSource
  void filters(String text, Filter filter) {
    assertThat(parse(text).filters()).containsExactly(filter);
  }

  @Test
  void meetsAllOfRepeatedFilters() {
    assertThat(parse("tag=a&tag=b&min_ram_min=1").filters())
        .containsExactlyInAnyOrder(
            new Filter.Tagged("a"),
            new Filter.Tagged("b"),
            new Bound("min_ram", Comparison.GTE, 1));
  }

  @Test
  void doesNotFilterByTheFormOfTheList() {
    var text =
        "limit=1&marker=%s&sort_key=name&sort_dir=asc&visibility=all&member_status=all&os_hidden=true"
            .formatted(ImageId.random());

    assertThat(parse(text).filters()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=",
        "limit=-1",
        "limit=1.5",
        "limit=ten",
        "limit=9223372036854775808",
        "marker=",
        "marker=none",
        "visibility=Public",
        "member_status=",
        "member_status=any",
        "os_hidden=",
        "os_hidden=yes",
        "protected=",
        "protected=True",
        "name=like:a",
        "status=neq:active",
        "id=a:b",
        "name=in:\"a",
        "name=in:a\"b\"",
        "name=in:\"a\"b",
        "size=big",
        "size_min=",
        "size_max=1e3",
        "min_ram=in:1,2",
        "created_at=",
        "created_at=yesterday",
        "created_at=after:2026-01-31T12:00:00Z",
        "created_at=gt:",
        "updated_at=2026-13-31T12:00:00Z",
        "changes-since=2026-01-31T12:00:00Z"
      })
  void refusesOthers(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOfSatisfying(
            ProblemException.class,
            failure -> assertThat(failure.problem()).isInstanceOf(Problem.Invalid.class));
  }

  private static Moment moment(Comparison comparison) {
    return new Moment("created_at", comparison, NOON);
  }

  private static ImageQuery parse(String query) {
    return ListQuery.parse(TestingQuery.parameters(query.replace("\"", "%22")), OFFER);
  }
}
