package io.vitrine.cli;

import io.vitrine.catalog.database.DatabaseAddress;
import io.vitrine.catalog.database.Migrations;
import io.vitrine.catalog.database.SchemaState;
import io.vitrine.catalog.sql.DatabaseException;
import picocli.CommandLine.ExitCode;

/**
 * Whether this program can use the database.
 *
 * @param code the exit code
 * @param line what holds and what to run, for the operator
 * @param mayPass whether waiting can help: a database can come up and a schema be migrated, but no
 *     schema becomes older
 */
record SchemaFinding(int code, String line, boolean mayPass) {
  /** The database cannot be reached, or refuses the login. */
  static final int UNREACHABLE = ExitCode.SOFTWARE;

  /** Migrations are missing. */
  static final int BEHIND = 3;

  /** A newer program has migrated the schema, and this one cannot use it. */
  static final int TOO_NEW = 4;

  /** Asks the database. Blocks for up to 30 s for each server that does not answer. */
  static SchemaFinding of(DatabaseAddress address) {
    try {
      return of(Migrations.check(address));
    } catch (DatabaseException unreachable) {
      return new SchemaFinding(UNREACHABLE, String.valueOf(unreachable.getMessage()), true);
    }
  }

  static SchemaFinding of(SchemaState state) {
    return switch (state) {
      case SchemaState.UpToDate(var version) ->
          usable("The schema has version " + version + ", as needed.");
      case SchemaState.Behind(var current, var wanted) ->
          new SchemaFinding(
              BEHIND,
              (current == 0
                      ? "The database has no schema yet"
                      : "The schema has version " + current)
                  + ", but version %d is needed; run db migrate.".formatted(wanted),
              true);
      case SchemaState.Newer(var current, var wanted, var isUsable) -> {
        var line =
            "The schema has version %d, but this program supports only version %d; %s."
                .formatted(current, wanted, isUsable ? "it can still use it" : "use a newer one");
        yield isUsable ? usable(line) : new SchemaFinding(TOO_NEW, line, false);
      }
    };
  }

  /** The same for those who wait for the database, whatever its schema. */
  SchemaFinding ofDatabase() {
    return new SchemaFinding(code, line, mayPass && code == UNREACHABLE);
  }

  private static SchemaFinding usable(String line) {
    return new SchemaFinding(ExitCode.OK, line, false);
  }
}
