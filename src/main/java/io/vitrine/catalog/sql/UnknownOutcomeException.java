package io.vitrine.catalog.sql;

import io.vertx.core.VertxException;

/** The connection was lost during COMMIT; the transaction may or may not be committed. */
final class UnknownOutcomeException extends VertxException {
  private static final long serialVersionUID = 1;

  UnknownOutcomeException(Throwable cause) {
    super("Whether the database has committed is not known: " + cause.getMessage(), cause, true);
  }
}
