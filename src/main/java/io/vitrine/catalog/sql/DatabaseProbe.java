package io.vitrine.catalog.sql;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Polls whether the database accepts writes, on a connection of its own. A connection without an
 * answer is abandoned.
 */
public final class DatabaseProbe {
  private static final String SQL =
      "select current_setting('transaction_read_only') = 'on' as is_read_only";

  /**
   * The polls without an answer after which a connection is abandoned. Polls are counted instead of
   * time: if this process itself was suspended, the answer is there but unread.
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
   * A probe that reports to a watch.
   *
   * @param pools opens pools of one connection
   */
  public DatabaseProbe(Supplier<Pool> pools, DatabaseWatch watch) {
    this.pools = pools;
    this.watch = watch;
    this.pool = pools.get();
  }

  /**
   * Polls, unless the last answer is still due; always called on the same thread. A connection in
   * progress is left alone: it has a timeout for each server, and a new attempt would never get
   * past one that has vanished.
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

  /**
   * Polls; the loss of an old connection says nothing about a new one, so it is tried once more.
   */
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
                    isReadOnly ? Optional.of("it accepts no writes") : Optional.<String>empty()),
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
    // The query reports why the connection was lost.
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

  /** Stops polling. */
  public Future<Void> close() {
    return pool.close();
  }
}
