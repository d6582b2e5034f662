package io.vitrine.catalog.sql;

import static io.vitrine.image.problem.ProblemException.conflict;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Stores the answers of requests with a key. The answer is committed with the work, so the work is
 * done once, and an answer exists exactly if it was done. Failed requests leave nothing and can be
 * retried.
 */
public final class IdempotencyKeys {
  private final Pool pool;
  private final Duration ttl;

  /** Keys that expire after {@code ttl}. */
  public IdempotencyKeys(Pool pool, Duration ttl) {
    this.pool = pool;
    this.ttl = ttl;
  }

  /**
   * Does the work, or returns the answer stored for the key; fails with a conflict if the key
   * belongs to another request. A repetition during the work waits for it.
   */
  public Future<JsonObject> once(
      SqlConnection connection, Optional<IdempotencyKey> key, Supplier<Future<JsonObject>> work) {
    return once(connection, key, work, Future::succeededFuture);
  }

  /**
   * Does the work, or returns the answer stored for the key.
   *
   * @param again maps a stored answer that is returned again; fails if it is no longer valid
   */
  public Future<JsonObject> once(
      SqlConnection connection,
      Optional<IdempotencyKey> key,
      Supplier<Future<JsonObject>> work,
      Function<JsonObject, Future<JsonObject>> again) {
    return key.map(
            given ->
                claim(connection, given)
                    .compose(
                        isNew ->
                            isNew
                                ? work.get().compose(answer -> keep(connection, given, answer))
                                : recall(connection, given).compose(again)))
        .orElseGet(work);
  }

  /** Claims the key; waits while another transaction holds it. */
  private Future<Boolean> claim(SqlConnection connection, IdempotencyKey key) {
    return connection
        .preparedQuery(
            """
            insert into idempotency_keys as known (project, key, fingerprint, answer, expires_at)
            values ($1, $2, $3, '{}', now() + interval '%d milliseconds')
            on conflict (project, key) do update set fingerprint = excluded.fingerprint, expires_at = excluded.expires_at
            where known.expires_at <= now()
            """
                .formatted(ttl.toMillis()))
        .execute(Tuple.of(key.project(), key.text(), key.fingerprint()))
        .map(rows -> rows.rowCount() == 1);
  }

  private static Future<JsonObject> keep(
      SqlConnection connection, IdempotencyKey key, JsonObject answer) {
    return connection
        .preparedQuery("update idempotency_keys set answer = $3 where project = $1 and key = $2")
        .execute(Tuple.of(key.project(), key.text(), answer))
        .map(answer);
  }

  private static Future<JsonObject> recall(SqlConnection connection, IdempotencyKey key) {
    return connection
        .preparedQuery(
            "select fingerprint, answer from idempotency_keys where project = $1 and key = $2")
        .execute(Tuple.of(key.project(), key.text()))
        .map(rows -> answer(rows.iterator().next(), key));
  }

  private static JsonObject answer(Row row, IdempotencyKey key) {
    if (!row.getString("fingerprint").equals(key.fingerprint())) {
      throw conflict(
          "The Idempotency-Key '%s' was used for another request; use a new one."
              .formatted(key.text()));
    }
    return row.getJsonObject("answer");
  }

  /** Removes expired keys. */
  public Future<Void> forgetExpired() {
    return pool.query("delete from idempotency_keys where expires_at <= now()")
        .execute()
        .mapEmpty();
  }
}
