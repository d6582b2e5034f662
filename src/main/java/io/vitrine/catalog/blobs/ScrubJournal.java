package io.vitrine.catalog.blobs;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.vitrine.catalog.sql.Columns;
import io.vitrine.catalog.sql.Leaseholder;
import io.vitrine.catalog.sql.Rows;
import io.vitrine.catalog.sql.Transactions;
import io.vitrine.image.ImageId;
import io.vitrine.image.location.StoredBlob;
import io.vitrine.image.location.Verdict;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * The journal of scrubbing: when each blob was read and with what verdict. A renewable lease
 * ensures that only one process reads a blob or surveys a store.
 */
public final class ScrubJournal {
  private final Pool pool;
  private final Leaseholder holder;

  /** A journal with the leases of {@code holder}. */
  public ScrubJournal(Pool pool, Leaseholder holder) {
    this.pool = pool;
    this.holder = holder;
  }

  /**
   * The blobs to read.
   *
   * @param node the node that wrote them; empty: any
   */
  public record Scope(String store, Optional<String> node) {}

  /** Leases the blob that was read longest ago, provided that is at least {@code age} ago. */
  public Future<Optional<StoredBlob>> claim(Scope scope, Duration age) {
    return claim(
        scope,
        "coalesce(verified_at, created_at) < %s order by coalesce(verified_at, created_at)"
            .formatted(ago(age)));
  }

  /** Leases a blob with a bad verdict that is at least {@code age} old. */
  public Future<Optional<StoredBlob>> claimBad(Scope scope, Duration age) {
    return claim(
        scope,
        "verdict in ('missing', 'damaged') and verified_at < %s order by verified_at"
            .formatted(ago(age)));
  }

  private Future<Optional<StoredBlob>> claim(Scope scope, String conditionAndOrder) {
    return pool.preparedQuery(
            """
            update blobs set verifying_by = $3, verifying_until = %s
            where id = (
              select id from blobs
              where store = $1 and ($2::text is null or node = $2) and state = 'stored' and url is null
                and (verifying_until is null or verifying_until < now())
                and %s limit 1
              for no key update skip locked)
            returning
            """
                    .formatted(holder.untilSql(), conditionAndOrder)
                + Columns.BLOB)
        .execute(Tuple.of(scope.store(), scope.node().orElse(null), holder.id()))
        .map(rows -> list(rows).stream().findFirst());
  }

  /** Whether the scope contains no stored blob. */
  public Future<Boolean> isEmpty(Scope scope) {
    return pool.preparedQuery(
            """
            select id from blobs
            where store = $1 and ($2::text is null or node = $2) and state = 'stored' and url is null limit 1
            """)
        .execute(Tuple.of(scope.store(), scope.node().orElse(null)))
        .map(rows -> rows.size() == 0);
  }

  /** Schedules all data of an image to be read soon, because some of it seems bad. */
  public Future<Void> suspect(ImageId image) {
    return pool.preparedQuery(
            """
            update blobs set verified_at = 'epoch'
            where image_id = $1 and state = 'stored' and url is null and coalesce(verdict, 'ok') = 'ok'
              and verified_at is distinct from 'epoch'
            """)
        .execute(Tuple.of(image.value()))
        .mapEmpty();
  }

  /** Renews the lease of a blob being read. */
  public Future<Void> renew(UUID blob) {
    return pool.preparedQuery(
            "update blobs set verifying_until = %s where id = $1 and verifying_by = $2"
                .formatted(holder.untilSql()))
        .execute(Tuple.of(blob, holder.id()))
        .mapEmpty();
  }

  /** Releases a lease without a verdict; the blob is not read again before the pause is over. */
  public Future<Void> postpone(UUID blob, Duration pause) {
    return pool.preparedQuery(
            "update blobs set verifying_until = now() + interval '%d milliseconds'"
                    .formatted(pause.toMillis())
                + " where id = $1 and verifying_by = $2")
        .execute(Tuple.of(blob, holder.id()))
        .mapEmpty();
  }

  /**
   * Records a verdict for all blobs that share the bytes, and ends the lease if there is one. No
   * new blob refers to bad bytes. A blob deleted meanwhile gets no verdict.
   */
  public Future<Boolean> judge(UUID blob, Verdict verdict) {
    return Transactions.in(
        pool,
        connection ->
            (verdict == Verdict.OK ? absolve(connection, blob) : condemn(connection, blob))
                .compose(
                    condemned ->
                        connection
                            .preparedQuery(
                                """
                                update blobs set verdict = $2, verified_at = now(),
                                  verifying_by = null, verifying_until = null
                                where state = 'stored'
                                  and (id = $1 or content = (select content from blobs where id = $1))
                                """)
                            .execute(Tuple.of(blob, verdict.text())))
                .map(rows -> rows.rowCount() > 0));
  }

  /** Lets blobs refer to bytes that are good again, unless equal bytes have replaced them. */
  private static Future<Void> absolve(SqlConnection connection, UUID blob) {
    return connection
        .preparedQuery(
            """
            update contents c set sound = true
            where c.id = (select content from blobs where id = $1) and not c.sound and c.refs > 0
              and not exists (
                select from contents o
                where o.store = c.store and o.node = c.node and o.sha512 = c.sha512 and o.size = c.size
                  and o.sound and o.refs > 0)
            """)
        .execute(Tuple.of(blob))
        .mapEmpty();
  }

  /**
   * Waits for transactions that are about to refer to the bytes, so that they get the verdict too.
   */
  private static Future<Void> condemn(SqlConnection connection, UUID blob) {
    return connection
        .preparedQuery(
            "update contents set sound = false where id = (select content from blobs where id ="
                + " $1)")
        .execute(Tuple.of(blob))
        .mapEmpty();
  }

  /** A page of stored blobs by id, after the given id; a nil UUID starts at the beginning. */
  public Future<List<StoredBlob>> page(String store, UUID after, int limit) {
    return pool.preparedQuery(
            "select "
                + Columns.BLOB
                + """
                 from blobs
                where store = $1 and id > $2 and state = 'stored' and url is null order by id limit $3
                """)
        .execute(Tuple.of(store, after, limit))
        .map(ScrubJournal::list);
  }

  private static List<StoredBlob> list(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false).map(Rows::toStored).toList();
  }

  /**
   * The ids that the journal does not know. A row exists from before a blob's first byte until
   * after its last, so bytes listed before this query belong to nobody.
   */
  public Future<Set<UUID>> unknown(Collection<UUID> ids) {
    return pool.preparedQuery(
            """
            select id from blobs where id = any($1) and (content is null or content = id or spare)
            union select id from contents where id = any($1)
            """)
        .execute(Tuple.tuple().addArrayOfUUID(ids.toArray(UUID[]::new)))
        .map(
            rows -> {
              var unknown = new HashSet<>(ids);
              rows.forEach(row -> unknown.remove(row.getUUID("id")));
              return unknown;
            });
  }

  /** The number of stored blobs of a store by verdict, good ones left out. */
  public Future<Map<Verdict, Long>> unsound(String store) {
    return pool.preparedQuery(
            """
            select verdict, count(*) as number from blobs
            where store = $1 and verdict in ('missing', 'damaged') and state = 'stored' group by verdict
            """)
        .execute(Tuple.of(store))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .collect(
                        Collectors.toMap(
                            row -> Verdict.of(row.getString("verdict")),
                            row -> row.getLong("number"))));
  }

  /**
   * Takes the lease of a survey if the last one is at least {@code age} old; false if not, or if
   * another process has it.
   */
  public Future<Boolean> claimSurvey(Scope scope, Duration age) {
    return pool.preparedQuery(
            """
            insert into store_surveys as s (store, node, surveyed_by, surveyed_until) values ($1, $2, $3, %s)
            on conflict (store, node) do update set surveyed_by = $3, surveyed_until = excluded.surveyed_until
            where (s.surveyed_at is null or s.surveyed_at < %s)
              and (s.surveyed_until is null or s.surveyed_until < now())
            """
                .formatted(holder.untilSql(), ago(age)))
        .execute(survey(scope))
        .map(rows -> rows.rowCount() == 1);
  }

  /** Renews the lease of a survey. */
  public Future<Void> renewSurvey(Scope scope) {
    return pool.preparedQuery(
            "update store_surveys set surveyed_until = %s".formatted(holder.untilSql())
                + " where store = $1 and node = $2 and surveyed_by = $3")
        .execute(survey(scope))
        .mapEmpty();
  }

  /** Records the result of a survey and ends its lease. */
  public Future<Void> surveyed(Scope scope, long orphans, long orphanBytes) {
    return pool.preparedQuery(
            """
            insert into store_surveys (store, node, surveyed_by, surveyed_at, orphans, orphan_bytes)
            values ($1, $2, $3, now(), $4, $5)
            on conflict (store, node) do update set surveyed_by = $3, surveyed_at = now(),
              surveyed_until = null, orphans = $4, orphan_bytes = $5
            """)
        .execute(survey(scope).addLong(orphans).addLong(orphanBytes))
        .mapEmpty();
  }

  private Tuple survey(Scope scope) {
    return Tuple.of(scope.store(), scope.node().orElse(""), holder.id());
  }

  private static String ago(Duration age) {
    return "now() - interval '%d milliseconds'".formatted(age.toMillis());
  }
}
