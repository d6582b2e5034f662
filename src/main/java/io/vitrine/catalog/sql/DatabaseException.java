package io.vitrine.catalog.sql;

import io.vitrine.config.FileFault;
import java.nio.file.Path;

/** The database cannot be started, reached or used; the message tells the operator what to do. */
public final class DatabaseException extends RuntimeException {
  /** The message is shown to the operator. */
  public DatabaseException(String message) {
    super(message);
  }

  /**
   * The embedded server did not start. A full disk is named first, because the server's log seldom
   * does.
   */
  public static DatabaseException ofStart(Path home, String detail) {
    return new DatabaseException(
        FileFault.isDiskFull(detail)
            ? "The disk of %s is full; free some space or set data.dir to another directory. (%s)"
                .formatted(home, detail)
            : "The embedded PostgreSQL does not start: " + detail);
  }

  /** The message is shown to the operator; the cause goes to the log. */
  public DatabaseException(String message, Throwable cause) {
    super(message, cause);
  }
}
