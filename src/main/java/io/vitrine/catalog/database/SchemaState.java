package io.vitrine.catalog.database;

/** How a database's schema stands to the one this program needs; 0 is an empty database. */
public sealed interface SchemaState {
  /** The schema is the one needed. */
  record UpToDate(int version) implements SchemaState {}

  /** Migrations are missing. */
  record Behind(int current, int wanted) implements SchemaState {}

  /** A newer program has migrated the database, which this one may still use or not. */
  record Newer(int current, int wanted, boolean isUsable) implements SchemaState {}
}
