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
 * Which stored bytes have been looked at, and what was found. Only one process at a time looks at a
 * blob or surveys a store, under a lease that it renews.
 */
public final class ScrubJournal {
  private final Pool pool;
  private final Leaseholder holder;

  /** A journal in a database, with the leases of a holder. */
  public ScrubJournal(Pool pool, Leaseholder holder) {
    this.pool = pool;
    this.holder = holder;
  }

  /**
   * Bytes to look at.
   *
   * @param node whose bytes alone are meant; empty: those that any node wrote
   */
  public record Scope(String store, Optional<String> node) {}

  /** Takes the lease of the blob that nobody has looked at for longest, if that is so long. */
  public Future<Optional<StoredBlob>> claim(Scope scope, Duration age) {
    return claim(
        scope,
        "coalesce(verified_at, created_at) < %s order by coalesce(verified_at, created_at)"
            .formatted(ago(age)));
  }

  /** Takes the lease of a blob that was bad when it was looked at last, so long ago. */
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

  /** Whether nothing is stored. */
  public Future<Boolean> isEmpty(Scope scope) {
    return pool.preparedQuery(
            """
            select id from blobs
            where store = $1 and ($2::text is null or node = $2) and state = 'stored' and url is null limit 1
            """)
        .execute(Tuple.of(scope.store(), scope.node().orElse(null)))
        .map(rows -> rows.size() == 0);
  }

  /** Has all data of an image looked at soon, as some of it seems to be bad. */
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

  /** Renews the lease of a blob that is being looked at. */
  public Future<Void> renew(UUID blob) {
    return pool.preparedQuery(
            "update blobs set verifying_until = %s where id = $1 and verifying_by = $2"
                .formatted(holder.untilSql()))
        .execute(Tuple.of(blob, holder.id()))
        .mapEmpty();
  }

  /** Ends a lease without a verdict; nobody looks at the blob again for so long. */
  public Future<Void> postpone(UUID blob, Duration pause) {
    return pool.preparedQuery(
            "update blobs set verifying_until = now() + interval '%d milliseconds'"
                    .formatted(pause.toMillis())
                + " where id = $1 and verifying_by = $2")
        .execute(Tuple.of(blob, holder.id()))
        .mapEmpty();
  }

  /**
   * Records a verdict, for all blobs that share the bytes, and ends the lease, if there is one. To
   * bad bytes nobody new refers. What has been deleted meanwhile gets no verdict.
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

  /** Bytes that are good again may be referred to again, unless equal ones have come instead. */
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

  /** Waits for whoever is about to refer to the bytes, so that it gets the verdict, too. */
  private static Future<Void> condemn(SqlConnection connection, UUID blob) {
    return connection
        .preparedQuery(
            "update contents set sound = false where id = (select content from blobs where id ="
                + " $1)")
        .execute(Tuple.of(blob))
        .mapEmpty();
  }

  /** Stored bytes by id, those after the given one; from the beginning with an id of zeros. */
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
   * Those of the ids under which no bytes may lie. Every blob is in the journal from before its
   * first byte until after its last, so bytes that were seen before this was asked are nobody's.
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

  /** How many stored blobs of a store have each verdict that is not good. */
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

  /** Takes the lease of a survey if the last one is so old; true if it is this process' now. */
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

  /** Records what a survey has found, and ends its lease. */
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
