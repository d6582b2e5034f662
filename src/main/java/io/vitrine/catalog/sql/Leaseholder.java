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
 * This process as the holder of leases on blobs being written and tasks being worked on. A lease
 * that is not renewed in time is lost: others clean up or take over, and this process can no longer
 * commit what it held.
 *
 * @param id new for every process
 * @param ttl how long a lease lasts without renewal
 * @param held ids of the blobs and tasks whose leases are to be renewed
 */
public record Leaseholder(UUID id, Duration ttl, Set<UUID> held) {

  /** A holder of no leases yet. */
  public Leaseholder(UUID id, Duration ttl) {
    this(id, ttl, ConcurrentHashMap.newKeySet());
  }

  /** When a lease taken now, by the clock of the database, runs out. */
  public String untilSql() {
    return "now() + interval '%d milliseconds'".formatted(ttl.toMillis());
  }

  /** Holds the lease of a blob or task from now on. */
  public void hold(UUID lease) {
    held.add(lease);
  }

  /** Lets a lease run out, unless it is ended before; also when the database cannot be told now. */
  public void drop(UUID lease) {
    held.remove(lease);
  }

  /** Renews all leases that are held; whoever has locked a blob now is about to end its lease. */
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
