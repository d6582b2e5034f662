package io.vitrine.catalog.status;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.sql.Columns;
import io.vitrine.catalog.sql.Rows;
import io.vitrine.catalog.status.StoreContents.Scrub;
import io.vitrine.catalog.status.StoreContents.Survey;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Tells what the catalog knows of stores and of the queue, on all nodes together. */
public final class CatalogStatus {
  private static final int MOST_TASKS = 50;

  private final Pool pool;

  /** Reads a catalog. Some statements read it whole: do not run them often. */
  public CatalogStatus(Pool pool) {
    this.pool = pool;
  }

  /** The contents of all stores by id; those in which nothing was ever written are absent. */
  public Future<Map<String, StoreContents>> contents() {
    return surveys()
        .compose(
            surveys ->
                pool.preparedQuery(
                        """
                        select store, count(*) as blobs, coalesce(sum(size), 0)::bigint as bytes,
                          count(*) filter (where verdict is null) as unread,
                          count(*) filter (where verdict = 'missing') as missing,
                          count(*) filter (where verdict = 'damaged') as damaged,
                          min(coalesce(verified_at, created_at)) as oldest
                        from blobs where state = 'stored' and url is null group by store
                        """)
                    .execute()
                    .map(rows -> contents(rows, surveys)));
  }

  private static Map<String, StoreContents> contents(
      RowSet<Row> rows, Map<String, Survey> surveys) {
    var contents = new HashMap<String, StoreContents>();
    surveys.forEach(
        (store, survey) ->
            contents.put(store, new StoreContents(0, 0, StoreContents.NONE.scrub(), survey)));
    for (var row : rows) {
      var store = row.getString("store");
      var scrub =
          new Scrub(
              row.getLong("unread"),
              row.getLong("missing"),
              row.getLong("damaged"),
              instant(row, "oldest"));
      contents.put(
          store,
          new StoreContents(
              row.getLong("blobs"),
              row.getLong("bytes"),
              scrub,
              surveys.getOrDefault(store, Survey.NONE)));
    }
    return contents;
  }

  private Future<Map<String, Survey>> surveys() {
    return pool.preparedQuery(
            """
            select store, sum(orphans)::bigint as orphans, sum(orphan_bytes)::bigint as bytes,
              min(surveyed_at) as oldest
            from store_surveys where surveyed_at is not null group by store
            """)
        .execute()
        .map(
            rows -> {
              var surveys = new HashMap<String, Survey>();
              for (var row : rows) {
                surveys.put(
                    row.getString("store"),
                    new Survey(
                        row.getLong("orphans"), row.getLong("bytes"), instant(row, "oldest")));
              }
              return surveys;
            });
  }

  /** What waits for workers, and what they do. */
  public Future<QueueState> queue() {
    return pool.preparedQuery(
            """
            select count(*) filter (where status = 'pending') as waiting,
              count(*) filter (where status = 'processing') as running,
              count(distinct leased_by) filter (where leased_until >= now()) as workers,
              coalesce(extract(epoch from now() - min(created_at) filter (where status = 'pending')), 0)::float8 as age
            from tasks where status in ('pending', 'processing')
            """)
        .execute()
        .compose(
            counts ->
                pool.preparedQuery(
                        "select "
                            + Columns.TASK
                            + """
                             from tasks where status in ('pending', 'processing')
                            order by status desc, created_at limit $1
                            """)
                    .execute(Tuple.of(MOST_TASKS))
                    .map(tasks -> queue(counts.iterator().next(), tasks)));
  }

  private static QueueState queue(Row counts, RowSet<Row> tasks) {
    return new QueueState(
        counts.getLong("waiting"),
        counts.getLong("running"),
        counts.getLong("workers"),
        counts.getDouble("age"),
        StreamSupport.stream(tasks.spliterator(), false).map(Rows::toTask).toList());
  }

  private static @Nullable Instant instant(Row row, String column) {
    var time = row.getOffsetDateTime(column);
    return time == null ? null : time.toInstant();
  }
}
