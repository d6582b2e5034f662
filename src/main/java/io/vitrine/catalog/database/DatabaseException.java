package io.vitrine.catalog.database;

import io.vitrine.config.FileFault;
import java.nio.file.Path;

/** The database cannot be started, reached or used; the message tells the operator what to do. */
public final class DatabaseException extends RuntimeException {
  public DatabaseException(String message) {
    super(message);
  }

  /** The embedded server does not start. A full disk is named first, as a log seldom does so. */
  public static DatabaseException ofStart(Path home, String detail) {
    return new DatabaseException(
        FileFault.isDiskFull(detail)
            ? "The disk that holds %s is full; free some room or set data.dir to another place. (%s)"
                .formatted(home, detail)
            : "The embedded PostgreSQL does not start: " + detail);
  }

  /** The message is for the operator. */
  public DatabaseException(String message, Throwable cause) {
    super(message, cause);
  }
}
