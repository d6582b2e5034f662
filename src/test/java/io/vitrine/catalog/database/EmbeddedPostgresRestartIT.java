package io.vitrine.catalog.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.catalog.embedded.EmbeddedPostgres;
import io.vitrine.catalog.embedded.Supervisor;
import io.vitrine.catalog.embedded.TestingHome;
import io.vitrine.catalog.sql.DatabaseException;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that end although nobody has asked them to. */
class EmbeddedPostgresRestartIT {
  @TempDir private Path dataDir = Path.of("");

  @BeforeEach
  void prepare() throws Exception {
    TestingHome.prepare(dataDir);
  }

  @Test
  void startsAgainOnItsPortAfterItsPostmasterWasKilled() throws Exception {
    try (var postgres = EmbeddedPostgres.start(dataDir)) {
      execute(postgres, "create table t as select 7 as x");

      killPostmaster();

      TestingConditions.await(postgres::restarts, restarts -> restarts == 1);
      assertThat(ask(postgres, "select x from t")).isEqualTo("7");
    }
  }

  @Test
  void doesNotWaitForABusyProcessOfTheKilledServer() throws Exception {
    try (var postgres = EmbeddedPostgres.start(dataDir)) {
      var busy = connect(postgres);
      var query =
          CompletableFuture.runAsync(
              () -> execute(busy, "select count(*) from generate_series(1, 100000000000)"));
      var running = "select pid from pg_stat_activity where query like 'select count%'";
      var pid =
          Long.parseLong(
              TestingConditions.await(
                  () -> ask(postgres, running), Predicate.not(String::isEmpty)));

      killPostmaster();

      TestingConditions.await(postgres::restarts, restarts -> restarts == 1);
      assertThat(ask(postgres, "select 1")).isEqualTo("1");
      assertThat(ProcessHandle.of(pid).filter(left -> isServerOf(left, dataDir))).isEmpty();
      assertThatThrownBy(() -> query.get(30, TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void goesOnAfterOneOfItsProcessesWasKilled() throws Exception {
    try (var postgres = EmbeddedPostgres.start(dataDir)) {
      try (var victim = connect(postgres)) {
        var pid = Long.parseLong(ask(victim, "select pg_backend_pid()"));
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      }

      TestingConditions.await(() -> tryAsk(postgres, "select 1"), "1"::equals);
      assertThat(postgres.restarts()).isZero();
    }
  }

  @Test
  void givesUpOnAServerThatEndsAgainAndAgain() throws Exception {
    try (var postgres = EmbeddedPostgres.start(dataDir)) {
      var reason = new CompletableFuture<String>();
      postgres.onGivenUp(reason::complete);

      for (long kill = 1; kill <= Supervisor.MAX_ENDS; kill++) {
        killPostmaster();
        var expected = kill;
        TestingConditions.await(postgres::restarts, restarts -> restarts == expected);
      }
      assertThat(reason).isNotDone();
      killPostmaster();

      assertThat(reason.get(30, TimeUnit.SECONDS))
          .contains("6 times within 5 minutes", "exited with code 137", "server.log");
    }
  }

  @Test
  void stopsWhileTheServerIsStartedAgain() throws Exception {
    var postgres = EmbeddedPostgres.start(dataDir);
    killPostmaster();

    postgres.close();

    assertThat(
            ProcessHandle.allProcesses()
                .filter(process -> isServerOf(process, dataDir))
                .map(ProcessHandle::pid))
        .isEmpty();
    try (var again = EmbeddedPostgres.start(dataDir)) {
      assertThat(ask(again, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void endsWhatIsLeftOfAServerThatWasKilledWithItsVitrine() throws Exception {
    var victim = VictimProcess.start(dataDir);
    victim.port();
    var children = postmaster().children().toList();
    assertThat(children).isNotEmpty();
    children.forEach(child -> signal(child, "STOP"));
    victim.kill();
    killPostmaster();

    try (var postgres = EmbeddedPostgres.start(dataDir)) {
      assertThat(ask(postgres, "select 1")).isEqualTo("1");
      assertThat(children).noneMatch(child -> isServerOf(child, dataDir));
    }
  }

  @Test
  void namesAFullDisk() {
    assertThat(DatabaseException.ofStart(dataDir, "FATAL: No space left on device"))
        .hasMessageContainingAll("The disk of " + dataDir + " is full", "data.dir");
  }

  private static boolean isServerOf(ProcessHandle process, Path dataDir) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/exe"))
          .startsWith(dataDir.toRealPath());
    } catch (IOException endedOrOfOthers) {
      return false;
    }
  }

  private static void signal(ProcessHandle process, String signal) {
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private ProcessHandle postmaster() throws Exception {
    var pidFile = dataDir.resolve("postgresql/data/postmaster.pid");
    return ProcessHandle.of(Long.parseLong(Files.readAllLines(pidFile).getFirst())).orElseThrow();
  }

  private void killPostmaster() throws Exception {
    var server = postmaster();
    server.destroyForcibly();
    server.onExit().get(30, TimeUnit.SECONDS);
  }

  private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
    var address = postgres.address();
    return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }

  private static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
    try (var connection = connect(postgres)) {
      execute(connection, sql);
    }
  }

  private static void execute(Connection connection, String sql) {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String tryAsk(EmbeddedPostgres postgres, String sql) {
    try {
      return ask(postgres, sql);
    } catch (SQLException recovering) {
      return "";
    }
  }

  private static String ask(EmbeddedPostgres postgres, String sql) throws SQLException {
    try (var connection = connect(postgres)) {
      return ask(connection, sql);
    }
  }

  /** The first value, or nothing if there is no row. */
  private static String ask(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "";
    }
  }
}
