package io.vitrine.catalog.sql;

import io.vertx.core.VertxException;

/** The connection was lost during COMMIT; the transaction may or may not be committed. */
final class UnknownOutcomeException extends VertxException {
  private static final long serialVersionUID = 1;

  UnknownOutcomeException(Throwable cause) {
    super("It is unknown whether the database committed: " + cause.getMessage(), cause, true);
  }
}
