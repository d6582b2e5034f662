package io.vitrine.catalog.sql;

import io.vertx.core.VertxException;

/** The connection was lost while the server was to commit: it may have done so or not. */
final class UnknownOutcomeException extends VertxException {
  private static final long serialVersionUID = 1;

  UnknownOutcomeException(Throwable cause) {
    super("Whether the database has committed is not known: " + cause.getMessage(), cause, true);
  }
}
