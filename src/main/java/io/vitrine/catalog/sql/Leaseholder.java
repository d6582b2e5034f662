package io.vitrine.catalog.sql;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * This process as the holder of leases on blobs it writes and tasks it works on. A lease that is
 * not renewed in time is lost: others clean up or take over, and this process can no longer commit.
 *
 * @param id new for every process
 * @param ttl how long a lease lasts without renewal
 * @param held the ids of the blobs and tasks whose leases are renewed
 */
public record Leaseholder(UUID id, Duration ttl, Set<UUID> held) {

  /** A holder without leases. */
  public Leaseholder(UUID id, Duration ttl) {
    this(id, ttl, ConcurrentHashMap.newKeySet());
  }

  /** The SQL expression for the expiry of a lease taken now, by the database's clock. */
  public String untilSql() {
    return "now() + interval '%d milliseconds'".formatted(ttl.toMillis());
  }

  /** Keeps renewing the lease of a blob or task. */
  public void hold(UUID lease) {
    held.add(lease);
  }

  /** Stops renewing a lease, which then expires; needs no database. */
  public void drop(UUID lease) {
    held.remove(lease);
  }

  /** Renews all held leases; skips locked blobs, whose leases are about to end. */
  public Future<Void> renew(Pool pool) {
    var leases = Tuple.tuple().addUUID(id).addArrayOfUUID(held.toArray(UUID[]::new));
    return pool.preparedQuery(
            """
            update blobs set leased_until = %s
            where id in (
              select id from blobs where leased_by = $1 and id = any($2) and state = 'writing'
              for no key update skip locked)
            """
                .formatted(untilSql()))
        .execute(leases)
        .compose(
            blobs ->
                pool.preparedQuery(
                        "update tasks set leased_until = %s where leased_by = $1 and id = any($2)"
                            .formatted(untilSql()))
                    .execute(leases))
        .mapEmpty();
  }

  /** Ends all leases of other holders; only valid if their processes are known to be dead. */
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
