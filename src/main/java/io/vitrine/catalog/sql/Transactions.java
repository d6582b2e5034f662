package io.vitrine.catalog.sql;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs work in a transaction. The work must have no effect outside the database and be repeatable:
 * it runs again if a conflict or a lost connection has certainly rolled it back.
 */
public final class Transactions {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration GREAT_PATIENCE = Duration.ofSeconds(10);
  private static final long FIRST_PAUSE_MILLIS = 10;
  private static final long LONGEST_PAUSE_MILLIS = 1000;
  private static final int MAX_ATTEMPTS = 20;

  private Transactions() {}

  /** Commits if the work succeeds, rolls back if it fails. */
  public static <T> Future<T> in(Pool pool, Function<SqlConnection, Future<T>> work) {
    return new Attempts<>(pool, work, false, System.nanoTime()).run(1);
  }

  /**
   * The same for work that detects whether it has already been done. It is also retried when a
   * commit's outcome is unknown, and for longer, because much effort may precede it.
   */
  public static <T> Future<T> inRepeatable(Pool pool, Function<SqlConnection, Future<T>> work) {
    return new Attempts<>(pool, work, true, System.nanoTime()).run(1);
  }

  /**
   * Runs a statement that is a transaction by itself, which saves two round trips. If it fails as a
   * transaction may that runs again, it is not known whether it has been committed: then {@code
   * again} runs in a transaction, and must detect that.
   */
  public static <T> Future<T> alone(
      Pool pool, Supplier<Future<T>> statement, Function<SqlConnection, Future<T>> again) {
    return statement
        .get()
        .recover(
            failure ->
                CatalogFailures.fault(failure).filter(CatalogFault::isOfOneTransaction).isPresent()
                    ? in(pool, again)
                    : Future.failedFuture(failure));
  }

  private record Attempts<T>(
      Pool pool, Function<SqlConnection, Future<T>> work, boolean isRepeatable, long begun) {

    Future<T> run(int attempt) {
      return once()
          .recover(
              failure ->
                  isWorthAnother(attempt, failure)
                      ? pause(attempt).compose(over -> run(attempt + 1))
                      : Future.failedFuture(failure));
    }

    private Future<T> once() {
      return pool.withConnection(
          connection ->
              connection
                  // The statement in progress fails with it; without a handler, Vert.x also prints
                  // it.
                  .exceptionHandler(lost -> {})
                  .begin()
                  .compose(transaction -> settle(connection, transaction)));
    }

    @SuppressWarnings("NullAway") // The work of some answers null.
    private Future<T> settle(SqlConnection connection, Transaction transaction) {
      return Future.succeededFuture(connection)
          .compose(work)
          .compose(
              result -> commit(transaction).map(result),
              failure -> transaction.rollback().transform(any -> Future.failedFuture(failure)));
    }

    private static Future<Void> commit(Transaction transaction) {
      return transaction
          .commit()
          .recover(
              failure ->
                  Future.failedFuture(
                      CatalogFailures.isRefusal(failure)
                          ? failure
                          : new UnknownOutcomeException(failure)));
    }

    private boolean isWorthAnother(int attempt, Throwable failure) {
      var patience = isRepeatable ? GREAT_PATIENCE : PATIENCE;
      return attempt < MAX_ATTEMPTS
          && System.nanoTime() - begun < patience.toNanos()
          && Vertx.currentContext() != null
          && CatalogFailures.fault(failure)
              .filter(
                  fault ->
                      isRepeatable
                          || (fault.isOfOneTransaction()
                              && !(failure instanceof UnknownOutcomeException)))
              .isPresent();
    }

    /** Waits for a random time, so that conflicting transactions do not meet again. */
    private static Future<Void> pause(int attempt) {
      long most = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempt, 10));
      long millis = ThreadLocalRandom.current().nextLong(most / 2, most) + 1;
      return Objects.requireNonNull(Vertx.currentContext())
          .owner()
          .timer(millis, TimeUnit.MILLISECONDS);
    }
  }
}
