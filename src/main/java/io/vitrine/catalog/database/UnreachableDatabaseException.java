package io.vitrine.catalog.database;

import java.io.IOException;

/** No server of the database can be used now; the message names each with the reason. */
public final class UnreachableDatabaseException extends IOException {
  private static final long serialVersionUID = 1;

  UnreachableDatabaseException(String message, Throwable cause) {
    super(message, cause);
  }
}
