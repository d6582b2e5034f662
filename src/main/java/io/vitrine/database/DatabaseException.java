package io.vitrine.database;

/** The database cannot be started, reached or used; the message tells the operator what to do. */
public final class DatabaseException extends RuntimeException {
  DatabaseException(String message) {
    super(message);
  }

  DatabaseException(String message, Throwable cause) {
    super(message, cause);
  }
}
