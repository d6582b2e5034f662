package io.vitrine.catalog.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.catalog.database.VictimProcess;
import io.vitrine.catalog.sql.DatabaseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
  @TempDir private Path dataDir = Path.of("");
  private Path home = Path.of("");

  @BeforeEach
  void locate() throws Exception {
    home = dataDir.resolve("postgresql");
    TestingHome.prepare(dataDir);
  }

  @Test
  void keepsItsDataAndItsPromises() throws Exception {
    try (var postgres = EmbeddedPostgres.start(dataDir);
        var connection = connect(postgres)) {
      execute(connection, "create table t (x int)");
      execute(connection, "insert into t values (7)");

      assertThat(ask(connection, "show fsync")).isEqualTo("on");
      assertThat(ask(connection, "show full_page_writes")).isEqualTo("on");
      assertThat(ask(connection, "show synchronous_commit")).isEqualTo("on");
      assertThat(ask(connection, "show server_encoding")).isEqualTo("UTF8");
      assertThat(ask(connection, "show data_checksums")).isEqualTo("on");
      assertThat(ask(connection, "show server_version")).startsWith("18.");
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(home.resolve("password"))))
          .isEqualTo("rw-------");
    }

    try (var postgres = EmbeddedPostgres.start(dataDir);
        var connection = connect(postgres)) {
      assertThat(ask(connection, "select x from t")).isEqualTo("7");
    }
  }

  @Test
  void asksForThePassword() {
    try (var postgres = EmbeddedPostgres.start(dataDir)) {
      var address = postgres.address();

      assertThatThrownBy(
              () -> DriverManager.getConnection(address.jdbcUrl(), address.user(), "guess"))
          .hasMessageContaining("password authentication failed");
    }
  }

  @Test
  void stopsAlthoughClientsAreConnected() throws Exception {
    var postgres = EmbeddedPostgres.start(dataDir);
    try (var connection = connect(postgres)) {
      postgres.close();

      assertThat(home.resolve("data/postmaster.pid")).doesNotExist();
      assertThat(connection.isValid(5)).isFalse();
    }
  }

  @Test
  void leavesTheDirectoryToItsFirstOwner() throws Exception {
    try (var first = EmbeddedPostgres.start(dataDir);
        var connection = connect(first)) {
      assertThatThrownBy(() -> EmbeddedPostgres.start(dataDir))
          .isInstanceOf(DatabaseException.class)
          .hasMessageContaining("is in use by another Vitrine");

      assertThat(ask(connection, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void replacesTheServerThatOutlivedItsVitrine() throws Exception {
    var victim = VictimProcess.start(dataDir);
    var oldPort = victim.port();
    victim.kill();

    try (var postgres = EmbeddedPostgres.start(dataDir);
        var connection = connect(postgres)) {
      assertThat(ask(connection, "select 1")).isEqualTo("1");
      assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), oldPort).close())
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void recoversWhatAKilledServerHadCommitted() throws Exception {
    try (var postgres = EmbeddedPostgres.start(dataDir)) {
      var connection = connect(postgres);
      execute(connection, "create table t as select 7 as x");
      killServer();
    }

    try (var postgres = EmbeddedPostgres.start(dataDir);
        var connection = connect(postgres)) {
      assertThat(ask(connection, "select x from t")).isEqualTo("7");
    }
  }

  @Test
  void isNotMisledByAnotherProcessWithTheServersNumber() throws Exception {
    EmbeddedPostgres.start(dataDir).close();
    var pidFile = home.resolve("data/postmaster.pid");
    Files.writeString(pidFile, ProcessHandle.current().pid() + "\n" + home.resolve("data") + "\n");

    try (var postgres = EmbeddedPostgres.start(dataDir);
        var connection = connect(postgres)) {
      assertThat(ask(connection, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void healsAKilledUnpackingAndAKilledCreation() throws Exception {
    var empty = dataDir.resolve("empty");
    home = empty.resolve("postgresql");
    VictimProcess.start(empty).killWhen(() -> exists("-bin.partial-"));
    VictimProcess.start(empty).killWhen(() -> exists("data.partial-"));

    try (var postgres = EmbeddedPostgres.start(empty);
        var connection = connect(postgres)) {
      assertThat(ask(connection, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void refusesDataOfAnotherMajorVersion() throws Exception {
    EmbeddedPostgres.start(dataDir).close();
    Files.writeString(home.resolve("data/PG_VERSION"), "15\n");

    assertThatThrownBy(() -> EmbeddedPostgres.start(dataDir))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("was written by PostgreSQL 15, this Vitrine contains 18");
  }

  private boolean exists(String part) {
    if (!Files.isDirectory(home)) {
      return false;
    }
    try (var entries = Files.list(home)) {
      return entries.anyMatch(entry -> entry.getFileName().toString().contains(part));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void killServer() throws Exception {
    var pid = Files.readAllLines(home.resolve("data/postmaster.pid")).getFirst();
    var server = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    server.destroyForcibly();
    server.onExit().get();
  }

  private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
    var address = postgres.address();
    return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
