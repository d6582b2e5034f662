package io.vitrine.config;

/** What stands between this program and PostgreSQL, by what it does to a session. */
public enum PoolerKind {
  /** Nothing that gives connections to several clients. */
  NONE,
  /**
   * A client keeps its server's connection until it leaves, such as PgBouncer's pool_mode session.
   */
  SESSION,
  /** Each transaction may run on another connection, such as PgBouncer's pool_mode transaction. */
  TRANSACTION
}
