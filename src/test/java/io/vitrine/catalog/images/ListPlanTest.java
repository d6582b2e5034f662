package io.vitrine.catalog.images;

import static io.vitrine.catalog.TestingCatalog.ADMIN;
import static io.vitrine.catalog.TestingCatalog.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vitrine.catalog.TestingCatalog;
import io.vitrine.catalog.database.PgPool;
import io.vitrine.catalog.sql.Columns;
import io.vitrine.catalog.sql.Rows;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageQuery;
import io.vitrine.image.ImageQuery.Filter;
import io.vitrine.image.ImageQuery.Sort;
import io.vitrine.image.MemberStatus;
import io.vitrine.image.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A page must cost the same among a million images as among a few. */
@ExtendWith(TestingCatalog.class)
class ListPlanTest {
  private static final int IMAGES = Integer.getInteger("vitrine.images", 20_000);

  /** Rows that a page of 25 may look at, over all steps of its plan; all images are far more. */
  private static final long MAX_ROWS = IMAGES / 20;

  private static final List<Sort> NEWEST_FIRST =
      List.of(new Sort(ImageQuery.Key.CREATED_AT, true), new Sort(ImageQuery.Key.ID, true));
  private static final Caller OWNER = new Caller("u", "project-7", Set.of("member"));

  /** Owns nothing, but every shared image is shared with it. */
  private static final Caller GUEST = new Caller("u", "popular", Set.of("member"));

  private final Pool pool;
  private final List<String> expensive = new ArrayList<>();

  ListPlanTest(Pool pool) {
    this.pool = pool;
  }

  private void fill() throws Exception {
    execute(
        """
        insert into images (id, name, status, visibility, protected, hidden, owner, disk_format, container_format,
          min_disk, min_ram, size, checksum, hash_value, tags, properties, created_at, updated_at)
        select gen_random_uuid(), 'image-' || n %% (%1$d / 4), case when n %% 100 = 0 then 'queued' else 'active' end,
          case when n %% 100 = 0 then 'public' when n %% 50 = 1 then 'community' when n %% 3 = 0 then 'private'
            else 'shared' end,
          false, n %% 500 = 0, 'project-' || n %% (%1$d / 100), case when n %% 5000 = 1 then 'vdi' else 'raw' end, 'bare', 0, 0,
          n * 1000, md5(n::text), md5(n::text || 'x'), array['t' || n %% 7, 'rare' || n %% (%1$d / 10)],
          jsonb_build_object('os_distro', case (n / 10) %% 3 when 0 then 'debian' else 'ubuntu' end, 'serial', 's' || n),
          timestamptz '2020-01-01' + n * interval '10 seconds', timestamptz '2020-01-01' + n * interval '11 seconds'
        from generate_series(1, %1$d) n
        """
            .formatted(IMAGES));
    execute(
        """
        insert into members (image_id, member, status, image_created_at)
        select id, 'popular', case when random() < 0.5 then 'accepted' else 'pending' end, created_at
        from images where visibility = 'shared'
        """);
    execute("vacuum analyze images, members");
  }

  private void execute(String sql) throws Exception {
    result(pool.query(sql).execute());
  }

  @Test
  void readsFewRowsForAnyPage() throws Exception {
    fill();
    var last = image("created_at");
    var first = image("created_at desc");
    var middle = image("md5(id::text)");

    for (var caller : List.of(ADMIN, OWNER, GUEST)) {
      for (var marker : List.of(first, middle, last)) {
        page(caller, NEWEST_FIRST, marker);
      }
      for (var visibility : Visibility.values()) {
        page(caller, visibility, middle);
      }
      page(caller, NEWEST_FIRST, middle, new Filter.OneOf("name", List.of("image-77")));
      page(caller, NEWEST_FIRST, middle, new Filter.OneOf("id", List.of(last.id().toString())));
      page(caller, NEWEST_FIRST, last, new Filter.OneOf("status", List.of("saving")));
      page(caller, NEWEST_FIRST, last, new Filter.OneOf("checksum", List.of("none")));
      page(caller, NEWEST_FIRST, first, new Filter.Tagged("t3"));
      page(caller, NEWEST_FIRST, first, new Filter.Tagged("rare77"));
      page(caller, NEWEST_FIRST, first, new Filter.Tagged("absent"));
      page(caller, NEWEST_FIRST, first, property("os_distro", "debian"));
      page(caller, NEWEST_FIRST, first, property("serial", "s77"));
      page(caller, NEWEST_FIRST, first, property("absent", "x"));
    }
    for (var key :
        List.of(
            ImageQuery.Key.NAME,
            ImageQuery.Key.SIZE,
            ImageQuery.Key.UPDATED_AT,
            ImageQuery.Key.STATUS,
            ImageQuery.Key.DISK_FORMAT)) {
      for (var isDescending : List.of(true, false)) {
        page(
            ADMIN,
            List.of(
                new Sort(key, isDescending),
                new Sort(ImageQuery.Key.CREATED_AT, isDescending),
                new Sort(ImageQuery.Key.ID, isDescending)),
            middle);
      }
    }
    // Not the guest: among so few images it is cheaper to read the whole index of its memberships.
    for (var caller : List.of(ADMIN, OWNER)) {
      page(caller, NEWEST_FIRST, middle, new Filter.OneOf("owner", List.of("project-9")));
    }
    assertThat(expensive).isEmpty();
  }

  private static Filter property(String key, String value) {
    return new Filter.Property(Map.entry(key, value));
  }

  private Image image(String order) throws Exception {
    return Rows.toImage(
        result(
                pool.query(
                        "select %s from images where not hidden order by %s limit 1"
                            .formatted(Columns.IMAGE, order))
                    .execute())
            .iterator()
            .next());
  }

  private void page(Caller caller, List<Sort> sorts, Image marker, Filter... filters)
      throws Exception {
    explain(caller, sorts, Optional.empty(), marker, filters);
  }

  private void page(Caller caller, Visibility visibility, Image marker) throws Exception {
    explain(caller, NEWEST_FIRST, Optional.of(visibility), marker);
  }

  private void explain(
      Caller caller,
      List<Sort> sorts,
      Optional<Visibility> visibility,
      Image marker,
      Filter... filters)
      throws Exception {
    var query =
        new ImageQuery(
            25,
            Optional.of(marker.id()),
            sorts,
            visibility,
            false,
            Optional.of(MemberStatus.ACCEPTED),
            false,
            List.of(filters));
    var statement = new ListStatement(query, caller, Optional.of(marker));
    var rows =
        result(
            pool.withConnection(
                connection ->
                    connection
                        .query("set plan_cache_mode = " + planned(statement))
                        .execute()
                        .compose(
                            set ->
                                connection
                                    .preparedQuery(
                                        "explain (analyze, format json) " + statement.sql())
                                    .execute(statement.values()))));
    var plan = (JsonArray) rows.iterator().next().getValue(0);
    if (rowsRead(plan.getJsonObject(0).getJsonObject("Plan")) > MAX_ROWS) {
      expensive.add(
          "%s %s %s %s\n%s\n%s"
              .formatted(
                  caller.project(),
                  sorts,
                  visibility,
                  List.of(filters),
                  statement.sql(),
                  plan.encodePrettily()));
    }
  }

  /** What is planned once for all values has to do for all of them. */
  private static String planned(ListStatement statement) {
    return statement.sql().startsWith(PgPool.PLANNED_EACH_TIME)
        ? "force_custom_plan"
        : "force_generic_plan";
  }

  private static long rowsRead(JsonObject step) {
    long loops = step.getLong("Actual Loops");
    var read = step.getNumber("Actual Rows").doubleValue();
    for (var removed :
        List.of(
            "Rows Removed by Filter",
            "Rows Removed by Index Recheck",
            "Rows Removed by Join Filter")) {
      read += step.getNumber(removed, 0).doubleValue();
    }
    long sum = (long) (read * loops);
    for (var child : step.getJsonArray("Plans", new JsonArray())) {
      sum += rowsRead((JsonObject) child);
    }
    return sum;
  }
}
