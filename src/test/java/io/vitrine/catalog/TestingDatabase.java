package io.vitrine.catalog;

import io.vitrine.app.TestingServer;
import io.vitrine.catalog.database.DatabaseAddress;
import io.vitrine.catalog.database.Migrations;
import io.vitrine.catalog.embedded.EmbeddedPostgres;
import io.vitrine.catalog.embedded.TestingHome;
import io.vitrine.testing.OncePerJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The one PostgreSQL of this JVM, with databases for servers and catalogs. Each is a copy of a
 * migrated one, which takes a tenth of a second, where a cluster of its own takes seconds.
 */
public final class TestingDatabase implements AutoCloseable {
  private static final String TEMPLATE = "migrated";

  private static volatile boolean isRunning;

  private final Path directory;
  private final EmbeddedPostgres postgres;
  private final Set<String> names = new HashSet<>();

  private TestingDatabase(Path directory, EmbeddedPostgres postgres) {
    this.directory = directory;
    this.postgres = postgres;
  }

  private static TestingDatabase running() {
    return OncePerJvm.get(TestingDatabase.class, TestingDatabase::start);
  }

  private static TestingDatabase start() {
    try {
      var directory = TestingServer.newDirectory();
      TestingHome.prepare(directory);
      var started = new TestingDatabase(directory, EmbeddedPostgres.start(directory));
      // Nothing of it outlives a crash, so nothing need wait for the disk.
      for (var promise : List.of("fsync", "synchronous_commit", "full_page_writes")) {
        started.execute("alter system set %s = off".formatted(promise));
      }
      started.execute("select pg_reload_conf()");
      started.execute("create database " + TEMPLATE);
      Migrations.migrate(started.address(TEMPLATE));
      isRunning = true;
      return started;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The database of a directory, which is made when it is first asked for. */
  public static DatabaseAddress of(Path directory) {
    return running().get(name(directory));
  }

  /** Removes the database of a directory, if there is one. */
  public static void drop(Path directory) {
    if (isRunning) {
      running().remove(name(directory));
    }
  }

  private static String name(Path directory) {
    return "of_" + Integer.toHexString(directory.toAbsolutePath().normalize().hashCode());
  }

  private DatabaseAddress address(String database) {
    var own = postgres.address();
    return new DatabaseAddress(
        own.servers(), database, own.user(), own.password(), own.application(), own.tls());
  }

  private synchronized DatabaseAddress get(String name) {
    if (names.add(name)) {
      execute("create database %s template %s".formatted(name, TEMPLATE));
    }
    return address(name);
  }

  private synchronized void remove(String name) {
    if (names.remove(name)) {
      execute("drop database %s with (force)".formatted(name));
    }
  }

  private void execute(String sql) {
    try (var connection = open();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private Connection open() throws SQLException {
    var own = postgres.address();
    return DriverManager.getConnection(own.jdbcUrl(), own.user(), own.password());
  }

  @Override
  public void close() {
    isRunning = false;
    postgres.close();
    try {
      TestingServer.remove(directory);
    } catch (IOException left) {
      throw new UncheckedIOException(left);
    }
  }
}
