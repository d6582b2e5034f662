package io.vitrine.catalog.database;

/** A connection pooler in front of PostgreSQL, by its effect on sessions. */
public enum PoolerKind {
  /** No pooler. */
  NONE,
  /**
   * A client keeps its server connection until it disconnects, as with PgBouncer's pool_mode
   * session.
   */
  SESSION,
  /**
   * Each transaction may use another server connection, as with PgBouncer's pool_mode transaction.
   */
  TRANSACTION
}
