package io.vitrine.catalog;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * This process as the holder of leases on blobs being written and tasks being worked on. A lease
 * that is not renewed in time is lost: others clean up or take over, and this process can no longer
 * commit what it held.
 *
 * @param id new for every process
 * @param ttl how long a lease lasts without renewal
 */
public record Leaseholder(UUID id, Duration ttl) {

  /** When a lease taken now, by the clock of the database, runs out. */
  String untilSql() {
    return "now() + interval '%d milliseconds'".formatted(ttl.toMillis());
  }

  /** Renews all leases that are held. */
  public Future<Void> renew(Pool pool) {
    return pool.preparedQuery(
            "update blobs set leased_until = %s where leased_by = $1 and state = 'writing'"
                .formatted(untilSql()))
        .execute(Tuple.of(id))
        .compose(
            blobs ->
                pool.preparedQuery(
                        "update tasks set leased_until = %s where leased_by = $1"
                            .formatted(untilSql()))
                    .execute(Tuple.of(id)))
        .mapEmpty();
  }

  /** Ends all leases of others; right only for a process that knows that the others are dead. */
  public Future<Void> outliveOthers(Pool pool) {
    var past = OffsetDateTime.MIN.withYear(2000);
    return pool.preparedQuery("update blobs set leased_until = $2 where leased_by <> $1")
        .execute(Tuple.of(id, past))
        .compose(
            blobs ->
                pool.preparedQuery("update tasks set leased_until = $2 where leased_by <> $1")
                    .execute(Tuple.of(id, past)))
        .mapEmpty();
  }
}
