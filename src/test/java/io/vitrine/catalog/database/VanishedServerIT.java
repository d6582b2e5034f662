package io.vitrine.catalog.database;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vitrine.app.TestingServer;
import io.vitrine.catalog.embedded.EmbeddedPostgres;
import io.vitrine.catalog.embedded.TestingHome;
import io.vitrine.settings.VitrineConfig;
import io.vitrine.testing.TestingConditions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a pool whose server is gone without a word, or may not be written to. */
class VanishedServerIT {
  /** Pools of the same name would be one. */
  private static final AtomicInteger POOLS = new AtomicInteger();

  private static Path directory;
  private static EmbeddedPostgres postgres;
  private static Vertx vertx;

  private TestingLine line;
  private Pool pool;

  @BeforeAll
  static void start() throws Exception {
    directory = TestingServer.newDirectory();
    TestingHome.prepare(directory);
    postgres = EmbeddedPostgres.start(directory);
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().await(20, SECONDS);
    postgres.close();
    TestingServer.remove(directory);
  }

  @BeforeEach
  void connect() throws Exception {
    line = new TestingLine(postgres.address().servers().getFirst().port());
    pool = pool(line.port());
    PgPool.check(pool).await(20, SECONDS);
  }

  @AfterEach
  void disconnect() throws Exception {
    pool.close().await(20, SECONDS);
    line.close();
  }

  @Test
  void givesUpConnectionsThatOweAnAnswer() throws Exception {
    line.hold();
    var owed = pool.query("select 1").execute();

    assertThatThrownBy(() -> owed.await(15, SECONDS)).isNotInstanceOf(TimeoutException.class);

    line.release();
    // One that is just being closed may still be given out once.
    var failure =
        TestingConditions.await(
            () -> catchThrowable(() -> rows(pool.query("select 2").execute())), Objects::isNull);
    assertThat(failure).isNull();
  }

  @Test
  void givesUpIdleConnectionsOfAServerThatIsGone() throws Exception {
    useSessions(4);
    line.hold();
    var owed = pool.query("select 1").execute();
    assertThatThrownBy(() -> owed.await(15, SECONDS)).isNotInstanceOf(TimeoutException.class);
    line.release();

    // Those that are just being closed may still be given out once.
    var failure =
        TestingConditions.await(() -> catchThrowable(() -> useSessions(3)), Objects::isNull);
    assertThat(failure).isNull();
  }

  @Test
  void leavesLongStatementsAlone() throws Exception {
    try (var holder = direct();
        var lock = holder.createStatement()) {
      lock.execute("select pg_advisory_lock(1)");
      var waiting = pool.query("select pg_advisory_lock(1)").execute();
      awaitExaminations();
      lock.execute("select pg_advisory_unlock(1)");

      assertThat(rows(waiting)).isEqualTo(1);
    }
  }

  @Test
  void leavesTransactionsAloneThatWaitForALock() throws Exception {
    pool.query("create table held (x int)").execute().await(20, SECONDS);
    var holding = pool.getConnection().await(20, SECONDS);
    holding.query("begin; lock table held").execute().await(20, SECONDS);

    var waiting = pool.query("select count(*) from held").execute();
    awaitExaminations();
    holding.query("commit").execute().await(20, SECONDS);

    assertThat(rows(waiting)).isEqualTo(1);
    holding.close().await(20, SECONDS);
  }

  @Test
  void doesNotWaitForAServerThatSaysNothing() throws Exception {
    line.hold();
    var other = pool(line.port());

    assertThatThrownBy(() -> PgPool.check(other).await(15, SECONDS))
        .isInstanceOf(UnreachableDatabaseException.class)
        .hasMessageContaining("localhost:" + line.port())
        .hasMessageContaining("does not answer within");

    other.close().await(20, SECONDS);
  }

  @Test
  void goesOnToTheNextServer() throws Exception {
    line.hold();
    var other = pool(line.port(), 1, postgres.address().servers().getFirst().port());

    assertThat(rows(other.query("select 1").execute())).isEqualTo(1);

    other.close().await(20, SECONDS);
  }

  @Test
  void beginsWithAnotherServerThanTheOneItLeft() throws Exception {
    var other = pool(line.port(), postgres.address().servers().getFirst().port());
    PgPool.check(other).await(20, SECONDS);
    line.hold();
    var owed = other.query("select 1").execute();
    assertThatThrownBy(() -> owed.await(15, SECONDS)).isNotInstanceOf(TimeoutException.class);
    int before = line.accepted();

    // What is given the old connection before its end is known fails with it.
    TestingConditions.await(
        () -> catchThrowable(() -> rows(other.query("select 2").execute())), Objects::isNull);

    assertThat(line.accepted()).isEqualTo(before);
    other.close().await(20, SECONDS);
  }

  @Test
  void leavesAServerThatHasBecomeReadOnly() throws Exception {
    try {
      setting("on");
      // The session takes the setting a moment later, and the next statement may still be given it.
      var failure =
          TestingConditions.await(
              this::checked, found -> found instanceof UnreachableDatabaseException);
      assertThat(failure).hasMessageContaining("read-only");
    } finally {
      setting("off");
    }
    PgPool.check(pool).await(20, SECONDS);
  }

  private @Nullable Throwable checked() {
    return catchThrowable(() -> PgPool.check(pool).await(15, SECONDS));
  }

  /** A session that is open already takes the setting with its next statement. */
  private static void setting(String value) throws SQLException {
    try (var connection = direct();
        var statement = connection.createStatement()) {
      statement.execute("alter system set default_transaction_read_only = " + value);
      statement.execute("select pg_reload_conf()");
    }
  }

  private static Connection direct() throws SQLException {
    var address = postgres.address();
    return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }

  /** Waits until the server was asked for a late answer, and asked again. */
  private void awaitExaminations() {
    int before = line.accepted();
    TestingConditions.await(line::accepted, now -> now >= before + 3);
  }

  /** Sends a query on so many sessions at the same time. */
  private void useSessions(int count) throws TimeoutException {
    var taken = Stream.generate(pool::getConnection).limit(count).toList();
    try {
      Future.join(taken).await(15, SECONDS);
      for (var session : taken) {
        session.result().query("select 1").execute().await(15, SECONDS);
      }
    } finally {
      for (var session : taken) {
        session.compose(SqlConnection::close).otherwiseEmpty().await(15, SECONDS);
      }
    }
  }

  private static int rows(Future<? extends RowSet<?>> answer) throws TimeoutException {
    return answer.await(20, SECONDS).size();
  }

  private static Pool pool(int... ports) {
    var own = postgres.address();
    var address =
        new DatabaseAddress(
            IntStream.of(ports)
                .mapToObj(port -> new DatabaseUrl.Server("localhost", port))
                .toList(),
            own.database(),
            own.user(),
            own.password(),
            "test",
            own.tls());
    return PgPool.open(
        vertx, address, config(), new PgPool.Room("test " + POOLS.incrementAndGet(), 4, 100));
  }

  private static DatabaseConfig config() {
    return VitrineConfig.load(
            List.of(),
            Map.of(
                "VITRINE_DATABASE__CONNECT_TIMEOUT", "1500ms",
                "VITRINE_DATABASE__ANSWER_TIMEOUT", "500ms"))
        .database();
  }
}
