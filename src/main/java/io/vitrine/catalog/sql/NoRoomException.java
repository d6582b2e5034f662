package io.vitrine.catalog.sql;

import io.vertx.core.VertxException;

/** The queue for a database connection is full, or the wait was too long. */
public final class NoRoomException extends VertxException {
  private static final long serialVersionUID = 1;

  NoRoomException(String message) {
    super(message, true);
  }
}
