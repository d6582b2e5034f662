package io.vitrine.catalog.events;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.vitrine.notification.Notification;
import io.vitrine.notification.Priority;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** The queue of notifications for one sink; one process at a time sends them. */
public final class OutboxQueue {
  private final Pool pool;
  private final UUID holder = UUID.randomUUID();
  private final String sink;

  /** The queue of the named sink. */
  public OutboxQueue(Pool pool, String sink) {
    this.pool = pool;
    this.sink = sink;
  }

  /** A notification and its position in the queue. */
  public record Waiting(long number, Notification notification) {}

  /** Takes or renews the lease on sending; false if another process holds it. */
  public Future<Boolean> lease(Duration ttl) {
    return pool.preparedQuery(
            """
            insert into relays (sink, leased_by, leased_until)
            values ($1, $2, now() + interval '%d milliseconds')
            on conflict (sink) do update
              set leased_by = excluded.leased_by, leased_until = excluded.leased_until
              where relays.leased_by = excluded.leased_by or relays.leased_until < now()
            """
                .formatted(ttl.toMillis()))
        .execute(Tuple.of(sink, holder))
        .map(rows -> rows.rowCount() == 1);
  }

  /** Releases the lease so that another process can take over at once. */
  public Future<Void> release() {
    return pool.preparedQuery("delete from relays where sink = $1 and leased_by = $2")
        .execute(Tuple.of(sink, holder))
        .mapEmpty();
  }

  /** The oldest notifications, in order. */
  public Future<List<Waiting>> page(int limit) {
    return pool.preparedQuery(
            """
            select number, id, type, priority, subject, payload, created_at
            from notifications where sink = $1 order by number limit $2
            """)
        .execute(Tuple.of(sink, limit))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(OutboxQueue::toWaiting)
                    .toList());
  }

  private static Waiting toWaiting(Row row) {
    var payload = row.getValue("payload");
    return new Waiting(
        row.getLong("number"),
        new Notification(
            row.getUUID("id"),
            row.getString("type"),
            Priority.valueOf(row.getString("priority")),
            row.getString("subject"),
            payload instanceof JsonObject json ? json.getMap() : payload,
            row.getOffsetDateTime("created_at").toInstant()));
  }

  /** Removes notifications that were sent or cannot be sent. */
  public Future<Void> forget(List<Waiting> sent) {
    return pool.preparedQuery("delete from notifications where number = any($1)")
        .execute(Tuple.of(sent.stream().map(Waiting::number).toArray(Long[]::new)))
        .mapEmpty();
  }

  /**
   * Drops the oldest notifications and returns their number.
   *
   * @param max the most that may stay
   * @param keepFor the maximum age, which also applies to sinks that are no longer configured
   */
  public Future<Integer> trim(int max, Duration keepFor) {
    return pool.preparedQuery(
            """
            delete from notifications
            where created_at < now() - interval '%d milliseconds' or (sink = $1 and number <= (
              select number from notifications where sink = $1 order by number desc offset $2 limit 1))
            """
                .formatted(keepFor.toMillis()))
        .execute(Tuple.of(sink, max))
        .map(rows -> rows.rowCount());
  }

  /**
   * The queue's length and age.
   *
   * @param oldestSeconds the age of the oldest notification; 0 if the queue is empty
   */
  public record Backlog(long pending, double oldestSeconds) {}

  /** The present length and age of the queue. */
  public Future<Backlog> backlog() {
    return pool.preparedQuery(
            """
            select count(*) as pending,
              coalesce(extract(epoch from now() - (
                select created_at from notifications where sink = $1 order by number limit 1)), 0)::float8 as age
            from notifications where sink = $1
            """)
        .execute(Tuple.of(sink))
        .map(rows -> rows.iterator().next())
        .map(row -> new Backlog(row.getLong("pending"), row.getDouble("age")));
  }
}
