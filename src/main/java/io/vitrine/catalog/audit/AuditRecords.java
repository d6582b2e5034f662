package io.vitrine.catalog.audit;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.sql.Conditions;
import io.vitrine.catalog.sql.Rows;
import io.vitrine.image.ImageId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** Reads the audit trail, and removes what is too old. */
public final class AuditRecords {
  /** The most records that are removed at a time. */
  public static final int BATCH = 1000;

  private final Pool pool;

  /** The trail in a database. */
  public AuditRecords(Pool pool) {
    this.pool = pool;
  }

  /** The newest records that are wanted, the newest first. */
  public Future<List<AuditRecord>> find(AuditQuery query) {
    var conditions = new Conditions();
    var wanted = conditions(query, conditions);
    return pool.preparedQuery(
            "select number, at, %s from audit%s order by number desc limit %s"
                .formatted(
                    AuditTrail.COLUMNS,
                    wanted.isEmpty() ? "" : " where " + String.join(" and ", wanted),
                    conditions.parameter(query.limit())))
        .execute(conditions.values())
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(AuditRecords::toRecord)
                    .toList());
  }

  private static List<String> conditions(AuditQuery query, Conditions values) {
    var wanted = new ArrayList<String>();
    query.image().ifPresent(id -> wanted.add("image_id = " + values.parameter(id.value())));
    query.project().ifPresent(id -> wanted.add("project = " + values.parameter(id)));
    query.user().ifPresent(id -> wanted.add("user_id = " + values.parameter(id)));
    query.action().ifPresent(it -> wanted.add("action = " + values.parameter(it.text())));
    var span = query.span();
    span.from().ifPresent(at -> wanted.add("at >= " + values.parameter(Rows.toTime(at))));
    span.to().ifPresent(at -> wanted.add("at < " + values.parameter(Rows.toTime(at))));
    query.before().ifPresent(number -> wanted.add("number < " + values.parameter(number)));
    return wanted;
  }

  private static AuditRecord toRecord(Row row) {
    return new AuditRecord(
        row.getLong("number"),
        row.getOffsetDateTime("at").toInstant(),
        new ImageId(row.getUUID("image_id")),
        row.getString("action"),
        row.getString("outcome"),
        row.getString("user_id"),
        row.getString("project"),
        row.getString("request_id"),
        row.getString("via"),
        row.getUUID("ticket"),
        row.getJsonObject("details").getMap());
  }

  /**
   * Removes the oldest records, at most {@link #BATCH}, and answers how many.
   *
   * @param retention how long records are kept; zero: for ever
   */
  public Future<Integer> forget(Duration retention) {
    return retention.isZero()
        ? Future.succeededFuture(0)
        : pool.preparedQuery(
                """
                delete from audit where number in (
                  select number from audit where at < now() - $1 * interval '1 millisecond'
                  order by at limit %d for update skip locked)
                """
                    .formatted(BATCH))
            .execute(Tuple.of((double) retention.toMillis()))
            .map(rows -> rows.rowCount());
  }
}
