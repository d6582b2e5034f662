package io.vitrine.catalog.events;

import io.vertx.sqlclient.Pool;

/**
 * Connections to the catalog, and the outbox that announces what is changed on them.
 *
 * @param outbox puts the notifications in the transactions of the changes
 */
public record NotifiedPool(Pool pool, Outbox outbox) {
  /** Connections whose changes are not announced. */
  public static NotifiedPool silent(Pool pool) {
    return new NotifiedPool(pool, Outbox.OFF);
  }
}
