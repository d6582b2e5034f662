package io.vitrine.catalog.events;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.sql.Columns;
import io.vitrine.catalog.sql.Rows;
import io.vitrine.image.Image;
import io.vitrine.image.ImageId;
import io.vitrine.image.task.TaskView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * What has changed in the catalog since a moment, for watchers of lists. A change is found by its
 * time, which is when its transaction began or what the clock of its node said; so each look goes
 * back by {@link #OVERLAP}, and finds most changes more than once.
 */
public final class ImageChanges {
  /**
   * How much later than its time a change may become visible: the longest transaction, and the
   * largest difference between clocks.
   */
  public static final Duration OVERLAP = Duration.ofSeconds(60);

  /** The most changes of a kind that a look finds. */
  public static final int MOST = 5000;

  private static final int MOST_TASKS = 1000;

  private static final String RECENT =
      """
      select now() as at, null::uuid as id
      union all
      (select updated_at, id from images where deleted_at is null and updated_at > $1 order by updated_at desc limit %1$d)
      union all
      (select deleted_at, id from images where deleted_at > $1 order by deleted_at desc limit %1$d)
      union all
      (select updated_at, image_id from members where updated_at > $1 order by updated_at desc limit %1$d)
      """
          .formatted(MOST);

  private final Pool pool;

  /** Reads from the pool. */
  public ImageChanges(Pool pool) {
    this.pool = pool;
  }

  /** An image that has changed, or whose memberships have. */
  public record Mark(ImageId image, Instant at) {}

  /**
   * What a look has found.
   *
   * @param now when that was, by the database's clock
   * @param isCut whether there may be more
   */
  public record Recent(Instant now, List<Mark> marks, boolean isCut) {
    /** Copies the list. */
    public Recent {
      marks = List.copyOf(marks);
    }
  }

  /**
   * A changed image.
   *
   * @param members the projects that it is shared with, if it is
   */
  public record Change(Image image, boolean isDeleted, Set<String> members) {
    /** Copies the set. */
    public Change {
      members = Set.copyOf(members);
    }
  }

  /** What has changed since a moment. */
  public Future<Recent> since(Instant moment) {
    return pool.preparedQuery(RECENT)
        .execute(Tuple.of(Rows.toTime(moment.minus(OVERLAP))))
        .map(ImageChanges::toRecent);
  }

  private static Recent toRecent(Iterable<Row> rows) {
    var now = Instant.EPOCH;
    var marks = new ArrayList<Mark>();
    for (var row : rows) {
      var at = row.getOffsetDateTime("at").toInstant();
      var id = row.getUUID("id");
      if (id == null) {
        now = at;
      } else {
        marks.add(new Mark(new ImageId(id), at));
      }
    }
    return new Recent(now, marks, marks.size() >= MOST);
  }

  /** The images as they are now, deleted or not. */
  public Future<List<Change>> read(Collection<ImageId> images) {
    return images.isEmpty()
        ? Future.succeededFuture(List.of())
        : pool.preparedQuery(
                "select "
                    + Columns.IMAGE
                    + """
                    , images.deleted_at is not null as is_deleted, case when visibility = 'shared'
                      then array(select member from members where image_id = images.id) end as shared_with
                    from images where id = any($1)
                    """)
            .execute(ids(images))
            .map(
                rows ->
                    StreamSupport.stream(rows.spliterator(), false)
                        .map(ImageChanges::toChange)
                        .toList());
  }

  private static Change toChange(Row row) {
    var members = row.getArrayOfStrings("shared_with");
    return new Change(
        Rows.toImage(row),
        row.getBoolean("is_deleted"),
        members == null ? Set.of() : Set.copyOf(Arrays.asList(members)));
  }

  /**
   * The tasks that have changed since a moment: all that are waiting or running, and those of the
   * given images that have ended. The end of a task changes its image too.
   */
  public Future<List<TaskView>> tasks(Instant moment, Collection<ImageId> images) {
    return pool.preparedQuery(
            "select "
                + Columns.TASK
                + """
                 from tasks where image_id is not null and updated_at > $2
                  and (status in ('pending', 'processing') or image_id = any($1))
                order by updated_at desc limit %d
                """
                    .formatted(MOST_TASKS))
        .execute(ids(images).addValue(Rows.toTime(moment.minus(OVERLAP))))
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(Rows::toTask).toList());
  }

  private static Tuple ids(Collection<ImageId> images) {
    return Tuple.tuple().addArrayOfUUID(images.stream().map(ImageId::value).toArray(UUID[]::new));
  }
}
