package io.vitrine.catalog.images;

import static io.vitrine.catalog.TestingCatalog.ADMIN;
import static io.vitrine.catalog.TestingCatalog.ALICE;
import static io.vitrine.catalog.TestingCatalog.BOB;
import static io.vitrine.catalog.TestingCatalog.FORBIDDEN;
import static io.vitrine.catalog.TestingCatalog.NOW;
import static io.vitrine.catalog.TestingCatalog.PERMITTED;
import static io.vitrine.catalog.TestingCatalog.image;
import static io.vitrine.catalog.TestingCatalog.problem;
import static io.vitrine.catalog.TestingCatalog.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.TestingCatalog;
import io.vitrine.catalog.sql.Columns;
import io.vitrine.catalog.sql.Rows;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.ImageQuery;
import io.vitrine.image.ImageQuery.Comparison;
import io.vitrine.image.ImageQuery.Filter;
import io.vitrine.image.ImageQuery.Sort;
import io.vitrine.image.ImageStatus;
import io.vitrine.image.Visibility;
import io.vitrine.image.problem.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists against a naive model: pages, orders and filters. */
@ExtendWith(TestingCatalog.class)
class ImageListTest {
  private static final List<ImageQuery.Key> KEYS = List.of(ImageQuery.Key.values());

  private static final List<Sort> NEWEST_FIRST =
      List.of(new Sort(ImageQuery.Key.CREATED_AT, true), new Sort(ImageQuery.Key.ID, true));

  private final Pool pool;
  private final ImageCatalog catalog;

  ImageListTest(Pool pool) {
    this.pool = pool;
    this.catalog = new ImageCatalog(pool);
  }

  private List<ImageId> list(Caller caller, ImageQuery query) throws Exception {
    return result(catalog.list(query, caller)).images().stream().map(Image::id).toList();
  }

  static ImageQuery query(Filter... filters) {
    return query(Optional.empty(), false, filters);
  }

  private static ImageQuery query(
      Optional<Visibility> visibility, boolean every, Filter... filters) {
    return new ImageQuery(
        100,
        Optional.empty(),
        NEWEST_FIRST,
        visibility,
        every,
        Optional.empty(),
        false,
        List.of(filters));
  }

  @Test
  void hidesAndGuardsTheImagesOfOthers() throws Exception {
    var secret = result(catalog.create(image(ImageStatus.QUEUED, Visibility.PRIVATE, "a")));
    var open = result(catalog.create(image(ImageStatus.QUEUED, Visibility.PUBLIC, "a")));
    var common = result(catalog.create(image(ImageStatus.QUEUED, Visibility.COMMUNITY, "a")));

    assertThat(problem(catalog.get(secret.id(), BOB))).isInstanceOf(Problem.NotFound.class);
    assertThat(problem(catalog.delete(secret.id(), BOB, PERMITTED)))
        .isInstanceOf(Problem.NotFound.class);
    assertThat(problem(catalog.delete(open.id(), BOB, FORBIDDEN)))
        .isInstanceOf(Problem.Forbidden.class);
    assertThat(problem(catalog.update(open.id(), BOB, FORBIDDEN, image -> image)))
        .isInstanceOf(Problem.Forbidden.class);
    assertThat(list(BOB, query())).containsExactly(open.id());
    assertThat(list(BOB, query(Optional.empty(), true)))
        .containsExactlyInAnyOrder(open.id(), common.id());
    assertThat(list(BOB, query(Optional.of(Visibility.COMMUNITY), false)))
        .containsExactly(common.id());
    assertThat(list(ALICE, query())).hasSize(3);
    assertThat(list(ADMIN, query())).containsExactlyInAnyOrder(secret.id(), open.id());
  }

  @ParameterizedTest
  @EnumSource
  void pagesInOrderOfOneKey(ImageQuery.Key key) throws Exception {
    var images = fill(new Random(3), 60);

    for (boolean isDescending : new boolean[] {false, true}) {
      assertPages(
          images,
          List.of(new Sort(key, isDescending), new Sort(ImageQuery.Key.ID, !isDescending)),
          7);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6, 7, 8})
  void pagesInOrderOfAnyKeys(long seed) throws Exception {
    var random = new Random(seed);
    var images = fill(random, 40);

    for (int round = 0; round < 10; round++) {
      var sorts = new ArrayList<Sort>();
      for (int i = random.nextInt(4); i > 0; i--) {
        sorts.add(new Sort(KEYS.get(random.nextInt(KEYS.size())), random.nextBoolean()));
      }
      sorts.add(new Sort(ImageQuery.Key.CREATED_AT, random.nextBoolean()));
      sorts.add(new Sort(ImageQuery.Key.ID, random.nextBoolean()));
      assertPages(images, sorts, 1 + random.nextInt(12));
    }
  }

  private List<Image> fill(Random random, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      var image = random(random, i);
      result(catalog.create(image));
      result(
          pool.preparedQuery("update images set size = $2 where id = $1")
              .execute(Tuple.of(image.id().value(), image.size())));
    }
    var images = new ArrayList<Image>();
    for (var row : result(pool.query("select " + Columns.IMAGE + " from images").execute())) {
      images.add(Rows.toImage(row));
    }
    return images;
  }

  /** Few different values, so that keys are often equal, and often absent. */
  static Image random(Random random, int number) {
    return new Image(
        ImageId.random(),
        new Image.State(
            random.nextBoolean() ? ImageStatus.QUEUED : ImageStatus.ACTIVE,
            new Image.Ownership("a", Visibility.PUBLIC, random.nextBoolean(), false),
            NOW.plusSeconds(random.nextInt(3)).plusNanos(1000L * random.nextInt(3)),
            NOW.plusSeconds(random.nextInt(3))),
        new Image.Metadata(
            random.nextBoolean() ? null : List.of("a", "B", "ä", "b c").get(random.nextInt(4)),
            new Image.Requirements(
                random.nextBoolean() ? null : List.of("raw", "qcow2").get(random.nextInt(2)),
                random.nextBoolean() ? null : List.of("bare", "ovf").get(random.nextInt(2)),
                number,
                random.nextInt(5)),
            new TreeSet<>(List.of("t" + random.nextInt(3), "ü \"{},")),
            Map.of("p", "v" + random.nextInt(3), "quo'te", "\\")),
        new Image.Content(
            random.nextBoolean() ? null : (long) random.nextInt(3),
            null,
            Image.Hash.of(null),
            List.of()));
  }

  private void assertPages(List<Image> images, List<Sort> sorts, int limit) throws Exception {
    var expected = images.stream().sorted(comparator(sorts)).map(Image::id).toList();

    var seen = new ArrayList<ImageId>();
    Optional<ImageId> marker = Optional.empty();
    for (; ; ) {
      var query =
          new ImageQuery(
              limit, marker, sorts, Optional.empty(), false, Optional.empty(), false, List.of());
      var page = list(BOB, query);
      assertThat(page).hasSizeLessThanOrEqualTo(limit);
      if (page.isEmpty()) {
        break;
      }
      seen.addAll(page);
      marker = Optional.of(page.getLast());
    }

    assertThat(seen).as("%s", sorts).isEqualTo(expected);
  }

  private static Comparator<Image> comparator(List<Sort> sorts) {
    return sorts.stream()
        .map(
            sort -> {
              var order = comparator(sort.key());
              return sort.descending() ? order.reversed() : order;
            })
        .reduce(Comparator::thenComparing)
        .orElseThrow();
  }

  private static Comparator<Image> comparator(ImageQuery.Key key) {
    return switch (key) {
      case NAME -> Comparator.comparing(Image::name, nullsFirst());
      case STATUS -> Comparator.comparing(image -> image.status().text());
      case CONTAINER_FORMAT -> Comparator.comparing(Image::containerFormat, nullsFirst());
      case DISK_FORMAT -> Comparator.comparing(Image::diskFormat, nullsFirst());
      case SIZE -> Comparator.comparing(Image::size, nullsFirst());
      case ID -> Comparator.comparing(image -> image.id().toString());
      case CREATED_AT -> Comparator.comparing(Image::createdAt);
      case UPDATED_AT -> Comparator.comparing(Image::updatedAt);
    };
  }

  private static <T extends Comparable<? super T>> Comparator<@Nullable T> nullsFirst() {
    return Comparator.nullsFirst(Comparator.<T>naturalOrder());
  }

  @Test
  void refusesAMarkerThatTheCallerDoesNotSee() throws Exception {
    var secret = result(catalog.create(image(ImageStatus.QUEUED, Visibility.PRIVATE, "a")));
    var query =
        new ImageQuery(
            1,
            Optional.of(secret.id()),
            NEWEST_FIRST,
            Optional.empty(),
            false,
            Optional.empty(),
            false,
            List.of());

    assertThat(problem(catalog.list(query, BOB))).isInstanceOf(Problem.Invalid.class);
    assertThat(list(ALICE, query)).isEmpty();
  }

  @Test
  void filtersAsANaiveModelDoes() throws Exception {
    var images = fill(new Random(9), 60);

    assertFilter(
        images,
        new Filter.OneOf("name", List.of("a", "b c")),
        image -> "a".equals(image.name()) || "b c".equals(image.name()));
    assertFilter(
        images,
        new Filter.OneOf("id", List.of(images.getFirst().id().toString())),
        image -> image.equals(images.getFirst()));
    assertFilter(
        images,
        new Filter.OneOf("status", List.of("active")),
        image -> image.status() == ImageStatus.ACTIVE);
    assertFilter(
        images,
        new Filter.Bound("size", Comparison.GTE, 1),
        image -> image.size() != null && image.size() >= 1);
    assertFilter(
        images, new Filter.Bound("min_ram", Comparison.EQ, 2), image -> image.minRam() == 2);
    for (var comparison : Comparison.values()) {
      assertFilter(
          images,
          new Filter.Moment("created_at", comparison, NOW.plusSeconds(1)),
          image -> holds(comparison, image.createdAt(), NOW.plusSeconds(1)));
    }
    assertFilter(images, new Filter.Protected(true), Image::isProtected);
    assertFilter(images, new Filter.Tagged("t1"), image -> image.tags().contains("t1"));
    assertFilter(images, new Filter.Tagged("ü \"{},"), image -> true);
    assertFilter(images, new Filter.Tagged("t"), image -> false);
    assertFilter(
        images,
        new Filter.Property(Map.entry("p", "v2")),
        image -> "v2".equals(image.properties().get("p")));
    assertFilter(images, new Filter.Property(Map.entry("quo'te", "\\")), image -> true);
    assertFilter(
        images, new Filter.OneOf("name", List.of("a'; drop table images; --")), image -> false);
  }

  /** By whole seconds, as the API shows times. */
  private static boolean holds(Comparison comparison, Instant time, Instant bound) {
    int order = Long.compare(time.getEpochSecond(), bound.getEpochSecond());
    return switch (comparison) {
      case EQ -> order == 0;
      case NEQ -> order != 0;
      case GT -> order > 0;
      case GTE -> order >= 0;
      case LT -> order < 0;
      case LTE -> order <= 0;
    };
  }

  private void assertFilter(List<Image> images, Filter filter, Predicate<Image> model)
      throws Exception {
    assertThat(list(BOB, query(filter)))
        .as("%s", filter)
        .containsExactlyInAnyOrderElementsOf(images.stream().filter(model).map(Image::id).toList());
  }
}
