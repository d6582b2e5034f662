package io.vitrine.catalog;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/** What failures of the database mean. */
public final class CatalogFailures {
  private static final String UNIQUE_VIOLATION = "23505";

  private CatalogFailures() {}

  /** Whether there was no connection, or none free in time: trying again later may help. */
  public static boolean isPassing(Throwable failure) {
    return failure instanceof IOException
        || failure instanceof TimeoutException
        || failure instanceof ClosedConnectionException;
  }

  /** Whether something with the same key is there already. */
  static boolean isDuplicate(Throwable failure) {
    return failure instanceof PgException pg && UNIQUE_VIOLATION.equals(pg.getSqlState());
  }
}
