package io.vitrine.catalog.database;

import io.vitrine.catalog.sql.DatabaseException;
import io.vitrine.catalog.sql.SchemaVersion;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** The schema's versions, as SQL files {@code db/migration/V<number>__<name>.sql}. */
public final class Migrations {
  private static final String LOCATION = "db/migration";
  private static final Pattern FILE = Pattern.compile("V(\\d+)__.*\\.sql");
  private static final String UNDEFINED_TABLE = "42P01";

  /** How often, once a second, to ask whether another process has finished its migration. */
  private static final int LOCK_RETRIES = 3600;

  private Migrations() {}

  /**
   * Migrates the schema to this program's version and returns the version that it has. Safe to run
   * any number of times, and in several processes at once: an advisory lock lets one migrate, and
   * the others wait for it for up to an hour and find nothing left to do. Leaves a newer schema
   * alone; throws {@link DatabaseException} if this program cannot use it.
   */
  public static int migrate(DatabaseAddress address) {
    return switch (check(address)) {
      case SchemaState.UpToDate(var version) -> version;
      case SchemaState.Behind(var current, var wanted) -> apply(address, wanted);
      case SchemaState.Newer(var current, var wanted, var isUsable) -> {
        if (!isUsable) {
          throw new DatabaseException(
              ("The database schema has version %d, but this Vitrine supports only version"
                      + " %d; use a newer Vitrine.")
                  .formatted(current, wanted));
        }
        yield current;
      }
    };
  }

  /**
   * Throws {@link DatabaseException} unless this program can use the schema: either its own
   * version, or a newer one that still contains everything it needs.
   */
  public static void requireUsable(DatabaseAddress address) {
    boolean isUsable =
        switch (check(address)) {
          case SchemaState.UpToDate it -> true;
          case SchemaState.Behind it -> false;
          case SchemaState.Newer newer -> newer.isUsable();
        };
    if (!isUsable) {
      throw new DatabaseException(
          "The database schema does not match this program; run db check, then db migrate.");
    }
  }

  private static int apply(DatabaseAddress address, int wanted) {
    try {
      Flyway.configure()
          .dataSource(address.jdbcUrl(), address.user(), address.password())
          .jdbcProperties(Jdbc.properties(address))
          .locations("classpath:" + LOCATION)
          .lockRetryCount(LOCK_RETRIES)
          .load()
          .migrate();
      return wanted;
    } catch (FlywayException e) {
      throw new DatabaseException("The schema cannot be migrated: " + e.getMessage(), e);
    }
  }

  /** Compares versions with one query; Flyway's validation takes longer than a whole start. */
  public static SchemaState check(DatabaseAddress address) {
    var current = current(address);
    int wanted = version();
    if (current == wanted) {
      return new SchemaState.UpToDate(current);
    }
    return current < wanted
        ? new SchemaState.Behind(current, wanted)
        : new SchemaState.Newer(current, wanted, oldest(address) <= wanted);
  }

  private static int current(DatabaseAddress address) {
    return number(address, SchemaVersion.SQL);
  }

  /** The oldest program version that may use the schema. */
  private static int oldest(DatabaseAddress address) {
    return number(address, "select max(oldest) from schema_compatibility");
  }

  /** The result of the query; 0 if the table does not exist. */
  private static int number(DatabaseAddress address, String query) {
    try (var connection = Jdbc.connect(address);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getInt(1);
    } catch (SQLException e) {
      if (UNDEFINED_TABLE.equals(e.getSQLState())) {
        return 0;
      }
      throw new DatabaseException(
          "The database does not answer: %s (%s)".formatted(reason(e), address), e);
    }
  }

  /** The driver's message, or what it leaves out. */
  private static String reason(SQLException failure) {
    if (failure.getCause() instanceof UnknownHostException) {
      return "its name cannot be resolved";
    }
    var message = String.valueOf(failure.getMessage());
    return message.contains("targetServerType") ? "none of its servers is writable" : message;
  }

  /** The version of the schema that this program migrates to. */
  public static int version() {
    try {
      var uri = Objects.requireNonNull(Migrations.class.getResource("/" + LOCATION)).toURI();
      return newest(uri);
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("unreadable class path", e);
    }
  }

  private static int newest(URI location) throws IOException {
    if (!"jar".equals(location.getScheme())) {
      return newest(Path.of(location));
    }
    try (var jar = FileSystems.newFileSystem(location, Map.of())) {
      return newest(jar.getPath("/" + LOCATION));
    }
  }

  private static int newest(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files
          .map(file -> FILE.matcher(file.getFileName().toString()))
          .filter(name -> name.matches())
          .mapToInt(name -> Integer.parseInt(name.group(1)))
          .max()
          .orElseThrow();
    }
  }
}
