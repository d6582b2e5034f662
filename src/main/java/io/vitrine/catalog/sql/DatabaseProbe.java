package io.vitrine.catalog.sql;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Asks the database again and again whether it takes writes, on a connection that nothing else
 * waits for. A connection on which no answer comes is given up.
 */
public final class DatabaseProbe {
  private static final String SQL =
      "select current_setting('transaction_read_only') = 'on' as is_read_only";

  /**
   * How often is asked in vain before a connection is given up. Times are not counted: when this
   * process itself stood still, the answer is there and has not been read yet.
   */
  private static final int PATIENCE = 4;

  private final Supplier<Pool> pools;
  private final DatabaseWatch watch;
  private Pool pool;
  private long asked;
  private boolean isAsking;
  private int asksInVain;
  private boolean isConnected;

  /**
   * A probe that tells a watch what it finds.
   *
   * @param pools opens pools of one connection
   */
  public DatabaseProbe(Supplier<Pool> pools, DatabaseWatch watch) {
    this.pools = pools;
    this.watch = watch;
    this.pool = pools.get();
  }

  /**
   * Asks, unless the answer to the last question may still come; always on the same thread. A
   * connection that is still being made goes on: it has a deadline of its own for each server, and
   * whoever began anew would never come to the server behind one that has vanished.
   */
  public void ask() {
    if (!isAsking) {
      ask(true);
    } else if (++asksInVain >= PATIENCE) {
      watch.down("no answer for %d s".formatted((System.nanoTime() - asked) / 1_000_000_000));
      if (isConnected) {
        giveUp();
      }
    }
  }

  /** That an old connection was lost says nothing of the next one. */
  private void ask(boolean isFirst) {
    isAsking = true;
    asksInVain = 0;
    isConnected = false;
    asked = System.nanoTime();
    var asking = pool;
    asking
        .withConnection(connection -> ask(asking, connection))
        .map(rows -> rows.iterator().next().getBoolean("is_read_only"))
        .onComplete(
            isReadOnly ->
                answered(
                    asking,
                    isReadOnly ? Optional.of("it takes no writes") : Optional.<String>empty()),
            failure -> {
              if (isFirst
                  && asking.equals(pool)
                  && CatalogFailures.fault(failure).filter(CatalogFault.LOST::equals).isPresent()) {
                ask(false);
              } else {
                answered(asking, Optional.of(DatabaseWatch.line(failure)));
              }
            });
  }

  private Future<RowSet<Row>> ask(Pool asking, SqlConnection connection) {
    if (asking.equals(pool)) {
      isConnected = true;
      asksInVain = 0;
      asked = System.nanoTime();
    }
    // Why it was lost, the query tells.
    return connection.exceptionHandler(lost -> {}).query(SQL).execute();
  }

  private void answered(Pool asking, Optional<String> fault) {
    if (asking.equals(pool)) {
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
