package io.vitrine.catalog.sql;

import io.vertx.core.VertxException;

/** Too many others wait for a connection to the database already, or it was waited for too long. */
public final class NoRoomException extends VertxException {
  private static final long serialVersionUID = 1;

  NoRoomException(String message) {
    super(message, true);
  }
}
