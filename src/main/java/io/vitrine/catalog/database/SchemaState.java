package io.vitrine.catalog.database;

/** A database's schema version compared with the one this program needs; 0 is an empty database. */
public sealed interface SchemaState {
  /** The versions are equal. */
  record UpToDate(int version) implements SchemaState {}

  /** Migrations are missing. */
  record Behind(int current, int wanted) implements SchemaState {}

  /**
   * A newer program has migrated the database; {@code isUsable} if this program can still use it.
   */
  record Newer(int current, int wanted, boolean isUsable) implements SchemaState {}
}
