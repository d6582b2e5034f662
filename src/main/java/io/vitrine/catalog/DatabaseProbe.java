package io.vitrine.catalog;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Asks the database again and again whether it takes writes, on a connection that nothing else
 * waits for. A connection that does not answer is given up.
 */
public final class DatabaseProbe {
  private static final String SQL =
      "select current_setting('transaction_read_only') = 'on' as is_read_only";

  private final Supplier<Pool> pools;
  private final DatabaseWatch watch;
  private final Duration patience;
  private Pool pool;
  private long asked;
  private boolean isAsking;

  /**
   * A probe that tells a watch what it finds.
   *
   * @param pools opens pools of one connection
   * @param patience how long an answer may take
   */
  public DatabaseProbe(Supplier<Pool> pools, DatabaseWatch watch, Duration patience) {
    this.pools = pools;
    this.watch = watch;
    this.patience = patience;
    this.pool = pools.get();
  }

  /** Asks, unless the answer to the last question may still come; always on the same thread. */
  public void ask() {
    if (!isAsking) {
      ask(true);
    } else if (System.nanoTime() - asked > patience.toNanos()) {
      watch.down("no answer for %d s".formatted((System.nanoTime() - asked) / 1_000_000_000));
      giveUp();
    }
  }

  /** That an old connection was lost says nothing of the next one. */
  private void ask(boolean isFirst) {
    isAsking = true;
    asked = System.nanoTime();
    var asking = pool;
    asking
        .query(SQL)
        .execute()
        .map(rows -> rows.iterator().next().getBoolean("is_read_only"))
        .onComplete(
            isReadOnly ->
                answered(
                    asking,
                    isReadOnly ? Optional.of("it takes no writes") : Optional.<String>empty()),
            failure -> {
              if (isFirst
                  && asking == pool
                  && CatalogFailures.fault(failure).filter(CatalogFault.LOST::equals).isPresent()) {
                ask(false);
              } else {
                answered(asking, Optional.of(DatabaseWatch.line(failure)));
              }
            });
  }

  private void answered(Pool asking, Optional<String> fault) {
    if (asking == pool) {
      isAsking = false;
      fault.ifPresentOrElse(watch::down, watch::up);
    }
  }

  private void giveUp() {
    var silent = pool;
    pool = pools.get();
    isAsking = false;
    silent.close();
  }

  /** Asks no more. */
  public Future<Void> close() {
    return pool.close();
  }
}
