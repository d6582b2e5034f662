package io.vitrine.catalog;

import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/** What failures of the database mean. */
public final class CatalogFailures {
  private CatalogFailures() {}

  /** Whether there was no connection, or none free in time: trying again later may help. */
  public static boolean isPassing(Throwable failure) {
    return failure instanceof IOException
        || failure instanceof TimeoutException
        || failure instanceof ClosedConnectionException;
  }
}
