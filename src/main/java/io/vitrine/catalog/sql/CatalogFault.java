package io.vitrine.catalog.sql;

/** The ways in which the database fails for a time: the same may work later. */
public enum CatalogFault {
  /** No connection can be made, or the server lets nobody in. */
  UNREACHABLE("unreachable", 5),
  /** A connection was lost while it was in use. */
  LOST("lost", 2),
  /** There is no connection, memory or disk left for this. */
  BUSY("busy", 1),
  /** No answer came in time, or a lock was not free in time. */
  SLOW("slow", 2),
  /** The server takes no writes: it is a standby, or has become one. */
  READ_ONLY("read-only", 5),
  /** Transactions got in each other's way, and this one was chosen to give way. */
  CONFLICT("conflict", 1),
  /** A statement that the connection had prepared is not valid any more. */
  STALE("stale", 1);

  private final String text;
  private final int retrySeconds;

  CatalogFault(String text, int retrySeconds) {
    this.text = text;
    this.retrySeconds = retrySeconds;
  }

  /** As metrics and the log name it. */
  public String text() {
    return text;
  }

  /** After how many seconds it is worth trying again. */
  public int retrySeconds() {
    return retrySeconds;
  }

  /** Whether a transaction that has surely been rolled back may do better at once. */
  boolean isOfOneTransaction() {
    return this == CONFLICT || this == LOST || this == STALE;
  }
}
