package io.vitrine.catalog;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.function.Function;

/** Work on one connection, kept whole. */
final class Transactions {
  private Transactions() {}

  /** Commits when the work's future succeeds, rolls back when it fails. */
  @SuppressWarnings("NullAway") // The client's signature lets work answer null; ours never does.
  static <T> Future<T> in(Pool pool, Function<SqlConnection, Future<T>> work) {
    return pool.withTransaction(work);
  }
}
