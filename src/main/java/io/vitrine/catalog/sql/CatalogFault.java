package io.vitrine.catalog.sql;

/** Temporary faults of the database: a retry may succeed. */
public enum CatalogFault {
  /** No connection can be made, or the server refuses logins. */
  UNREACHABLE("unreachable", 5),
  /** A connection was lost while it was in use. */
  LOST("lost", 2),
  /** The server or the pool is out of connections, memory or disk. */
  BUSY("busy", 1),
  /** An answer or a lock did not come in time. */
  SLOW("slow", 2),
  /** The server accepts no writes: it is a standby, or has become one. */
  READ_ONLY("read-only", 5),
  /** A deadlock or serialisation failure, of which this transaction is the victim. */
  CONFLICT("conflict", 1),
  /** A statement that the connection has prepared is no longer valid. */
  STALE("stale", 1);

  private final String text;
  private final int retrySeconds;

  CatalogFault(String text, int retrySeconds) {
    this.text = text;
    this.retrySeconds = retrySeconds;
  }

  /** The name in metrics and in the log. */
  public String text() {
    return text;
  }

  /** The Retry-After that suits the fault, in seconds. */
  public int retrySeconds() {
    return retrySeconds;
  }

  /** Whether retrying a rolled-back transaction at once may help. */
  boolean isOfOneTransaction() {
    return this == CONFLICT || this == LOST || this == STALE;
  }
}
