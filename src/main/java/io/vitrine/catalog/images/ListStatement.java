package io.vitrine.catalog.images;

import static io.vitrine.catalog.database.PgPool.PLANNED_EACH_TIME;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.sql.Columns;
import io.vitrine.catalog.sql.Conditions;
import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.ImageQuery;
import io.vitrine.image.MemberStatus;
import io.vitrine.image.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The statement for one page of images. A caller sees images from several sources: its own, public
 * ones, those shared with it. With these conditions joined by "or", PostgreSQL would scan all
 * images; merging one page of each source takes a few index lookups. The limit is a literal,
 * because a generic plan would expect a large one.
 */
final class ListStatement {
  private static final String IMAGES = "images";

  /** The most bytes of properties in a page, not counting its last image. */
  private static final int MAX_PAGE_BYTES = 4 << 20;

  private static final String SELECT = "select " + Columns.IMAGE;

  private static final String SOME_OF =
      """
      %1$s, bytes_through from (
        %1$s, bytes, sum(bytes) over (rows unbounded preceding) as bytes_through from (
          %1$s, octet_length(properties::text) as bytes from (
      """
          .formatted(SELECT);

  private static final String WITHIN_LIMIT =
      ") images offset 0) images) images where bytes_through - bytes < " + MAX_PAGE_BYTES;

  private final ImageQuery query;
  private final Optional<Image> marker;
  private final ListOrder order;
  private final Conditions conditions = new Conditions();
  private final String common;
  private final String sql;

  /** A source of images, with its condition. */
  private record Source(String from, String condition, boolean isShared) {
    String column(ImageQuery.Key key) {
      return switch (key) {
        case ID -> isShared ? "shared.image_id" : "id";
        case CREATED_AT -> isShared ? "shared.image_created_at" : "created_at";
        case NAME, STATUS, CONTAINER_FORMAT, DISK_FORMAT, SIZE, UPDATED_AT -> ListOrder.column(key);
      };
    }
  }

  ListStatement(ImageQuery query, Caller caller, Optional<Image> marker) {
    this.query = query;
    this.marker = marker;
    order = new ListOrder(query.sorts());
    var all = new ArrayList<String>();
    all.add("deleted_at is null");
    all.add("status <> 'killed'");
    all.add(query.hidden() ? "hidden" : "not hidden");
    query.filters().forEach(filter -> all.add(conditions.of(filter)));
    common = String.join(" and ", all);
    var sources = sources(caller);
    var pages = sources.size() == 1 ? page(sources.getFirst()) : merged(sources);
    var some = someOf(pages);
    sql = query.filters().isEmpty() ? some : PLANNED_EACH_TIME + some;
  }

  String sql() {
    return sql;
  }

  Tuple values() {
    return conditions.values();
  }

  /**
   * As many rows of a page as fit the size limit, at least one, in the page's order. Each tells how
   * many bytes the page has with it. The offset keeps the bytes from being counted twice, and those
   * of rows beyond the page from being counted at all.
   */
  private static String someOf(String page) {
    return SOME_OF + page + WITHIN_LIMIT;
  }

  /** Whether the page ends with this row because of its size. */
  static boolean isFull(Row last) {
    return last.getLong("bytes_through") >= MAX_PAGE_BYTES;
  }

  private String merged(List<Source> sources) {
    return sources.stream()
        .map(this::page)
        .collect(
            Collectors.joining(
                ") union all (",
                "select * from ((",
                ")) merged order by %s limit %d"
                    .formatted(order.by(ListOrder::column), query.limit())));
  }

  private String page(Source source) {
    var after =
        marker.map(last -> " and " + order.after(last, source::column, conditions)).orElse("");
    return SELECT
        + " from "
        + source.from()
        + " where "
        + source.condition()
        + " and "
        + common
        + after
        + " order by "
        + order.by(source::column)
        + " limit "
        + query.limit();
  }

  private List<Source> sources(Caller caller) {
    if (caller.isAdmin()) {
      return List.of(new Source(IMAGES, everything(caller), false));
    }
    var project = Optional.ofNullable(caller.project()).map(conditions::parameter);
    var sources = new ArrayList<Source>();
    project.ifPresent(own -> sources.add(new Source(IMAGES, own(own), false)));
    var strange = project.map(own -> " and owner is distinct from " + own).orElse("");
    if (isWanted(Visibility.PUBLIC)) {
      sources.add(new Source(IMAGES, "visibility = 'public'" + strange, false));
    }
    if (isWanted(Visibility.COMMUNITY) && isCommunityAskedFor()) {
      sources.add(new Source(IMAGES, "visibility = 'community'" + strange, false));
    }
    if (isWanted(Visibility.SHARED)) {
      project.ifPresent(
          own -> sources.add(new Source(shared(own), "visibility = 'shared'" + strange, true)));
    }
    return sources.isEmpty() ? List.of(new Source(IMAGES, "false", false)) : sources;
  }

  /**
   * The condition for administrators. A parameter is added only where it is used, because the
   * database refuses unused ones.
   */
  private String everything(Caller caller) {
    if (query.visibility().isPresent()) {
      return is(query.visibility().get());
    }
    return query.everyVisibility()
        ? "true"
        : Optional.ofNullable(caller.project())
            .map(conditions::parameter)
            .map("(visibility <> 'community' or owner = %s)"::formatted)
            .orElse("visibility <> 'community'");
  }

  private String own(String project) {
    return "owner = "
        + project
        + query.visibility().map(visibility -> " and " + is(visibility)).orElse("");
  }

  private String shared(String project) {
    return """
    (select image_id, image_created_at from members where member = %s%s) shared
      join images on images.id = shared.image_id
    """
        .formatted(
            project,
            query
                .memberStatus()
                .map(MemberStatus::text)
                .map(conditions::parameter)
                .map(status -> " and status = " + status)
                .orElse(""));
  }

  private static String is(Visibility visibility) {
    return "visibility = '" + visibility.text() + "'";
  }

  private boolean isWanted(Visibility visibility) {
    return query.visibility().map(visibility::equals).orElse(true);
  }

  private boolean isCommunityAskedFor() {
    return query.everyVisibility() || query.visibility().isPresent();
  }
}
