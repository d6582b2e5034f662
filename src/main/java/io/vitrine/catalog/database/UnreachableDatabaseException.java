package io.vitrine.catalog.database;

import java.io.IOException;

/** No server of the database is usable now; the message gives the reason for each. */
public final class UnreachableDatabaseException extends IOException {
  private static final long serialVersionUID = 1;

  UnreachableDatabaseException(String message, Throwable cause) {
    super(message, cause);
  }
}
