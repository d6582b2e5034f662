package io.vitrine.catalog.database;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vitrine.app.TestingServer;
import io.vitrine.catalog.embedded.EmbeddedPostgres;
import io.vitrine.catalog.embedded.TestingHome;
import io.vitrine.catalog.sql.DatabaseException;
import io.vitrine.catalog.tls.DatabaseTlsConfig;
import io.vitrine.catalog.tls.ServerTls;
import io.vitrine.config.Secret;
import io.vitrine.net.listener.TestingCertificate;
import io.vitrine.settings.VitrineConfig;
import io.vitrine.testing.TestingConditions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pool and JDBC with a server that offers TLS, by a certificate for localhost. */
class EncryptedServerIT {
  private static final AtomicInteger POOLS = new AtomicInteger();
  private static final String IS_ENCRYPTED =
      "select ssl from pg_stat_ssl where pid = pg_backend_pid()";

  private static Path directory;
  private static Path own;
  private static Path other;
  private static EmbeddedPostgres postgres;
  private static Vertx vertx;

  @BeforeAll
  static void start() throws Exception {
    directory = TestingServer.newDirectory();
    own = directory.resolve("own.pem");
    other = directory.resolve("other.pem");
    var key = directory.resolve("key.pem");
    var certificate = TestingCertificate.of("RSA");
    certificate.writeCertificate(own);
    certificate.writeKey(key);
    TestingCertificate.of("RSA").writeCertificate(other);
    TestingHome.prepare(directory.resolve("data"));
    postgres = EmbeddedPostgres.start(directory.resolve("data"));
    vertx = Vertx.vertx();
    execute(copy(own, "server.crt"));
    execute(copy(key, "server.key"));
    execute("alter system set ssl = on");
    execute("select pg_reload_conf()");
    awaitEncryption();
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().await(20, SECONDS);
    postgres.close();
    TestingServer.remove(directory);
  }

  /** A file that is the server's, whoever that runs as. */
  private static String copy(Path source, String name) throws Exception {
    return "copy (select regexp_split_to_table($pem$%s$pem$, '\\n')) to program 'umask 077; cat > %s'"
        .formatted(
            Files.readString(source).strip(),
            directory.resolve("data/postgresql/data").resolve(name).toAbsolutePath());
  }

  private static void execute(String sql) throws SQLException {
    var address = postgres.address();
    try (var connection =
            DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The server's main process takes the settings a moment later than it is told to. */
  private static void awaitEncryption() {
    var address = address("localhost", "require", "");
    TestingConditions.await(
        () -> {
          try (var connection = Jdbc.connect(address)) {
            return connection.isValid(5);
          } catch (SQLException notYet) {
            return false;
          }
        },
        isOffered -> isOffered);
  }

  @ParameterizedTest
  @CsvSource({
    "disable, 127.0.0.1, false", "allow, 127.0.0.1, false",
    "prefer, 127.0.0.1, true", "require, 127.0.0.1, true",
    "verify-ca, 127.0.0.1, true", "verify-full, localhost, true"
  })
  void encryptsAsAsked(String mode, String host, boolean isEncrypted) throws Exception {
    var address = address(host, mode, mode.startsWith("verify") ? own.toString() : "");

    assertThat(byPool(address)).isEqualTo(isEncrypted);
    assertThat(byJdbc(address)).isEqualTo(isEncrypted);
  }

  @Test
  void namesTheAuthoritiesThatDoNotFit() {
    var address = address("localhost", "verify-ca", other.toString());

    assertThatThrownBy(() -> byPool(address))
        .isInstanceOf(UnreachableDatabaseException.class)
        .hasMessageContaining(other.toString())
        .hasMessageContaining("database.tls.ca")
        .matches(refusal -> !Absence.mayPass(refusal));
    assertThatThrownBy(() -> Migrations.check(address))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining(other.toString())
        .hasMessageContaining("database.tls.ca")
        .matches(refusal -> !Absence.mayPass(refusal));
  }

  @Test
  void namesTheHostThatTheCertificateIsNotFor() {
    var address = address("127.0.0.1", "verify-full", own.toString());

    assertThatThrownBy(() -> byPool(address))
        .isInstanceOf(UnreachableDatabaseException.class)
        .hasMessageContaining("is for localhost, not for \"127.0.0.1\"")
        .matches(refusal -> !Absence.mayPass(refusal));
    assertThatThrownBy(() -> Migrations.check(address))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("is for localhost, not for \"127.0.0.1\"")
        .matches(refusal -> !Absence.mayPass(refusal));
  }

  @Test
  void readsReplacedFilesForNewConnections() throws Exception {
    var ca = Files.copy(other, directory.resolve("replaced.pem"));
    var address = address("localhost", "verify-full", ca.toString());
    assertThatThrownBy(() -> byPool(address)).isInstanceOf(UnreachableDatabaseException.class);

    Files.writeString(ca, Files.readString(own));

    assertThat(byPool(address)).isTrue();
  }

  @Test
  void namesFilesThatAreOfNoUse() throws Exception {
    var broken = Files.writeString(directory.resolve("broken.pem"), "no certificate\n").toString();

    assertThatThrownBy(() -> ServerTls.load(tls("verify-ca", broken)))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("database.tls.ca")
        .hasMessageContaining(broken);
    assertThatThrownBy(
            () ->
                ServerTls.load(
                    new DatabaseTlsConfig("prefer", "", own.toString(), broken, new Secret(""))))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("database.tls.key")
        .hasMessageContaining(broken);
  }

  private static boolean byPool(DatabaseAddress address) throws Exception {
    var pool =
        PgPool.open(
            vertx, address, config(), new PgPool.Room("tls " + POOLS.incrementAndGet(), 1, 10));
    try {
      return pool.query(IS_ENCRYPTED).execute().await(20, SECONDS).iterator().next().getBoolean(0);
    } finally {
      pool.close().await(20, SECONDS);
    }
  }

  private static boolean byJdbc(DatabaseAddress address) throws SQLException {
    try (var connection = Jdbc.connect(address);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(IS_ENCRYPTED)) {
      rows.next();
      return rows.getBoolean(1);
    }
  }

  private static DatabaseAddress address(String host, String mode, String ca) {
    var server = postgres.address();
    return new DatabaseAddress(
        List.of(new DatabaseUrl.Server(host, server.servers().getFirst().port())),
        server.database(),
        server.user(),
        server.password(),
        "test",
        tls(mode, ca));
  }

  private static DatabaseTlsConfig tls(String mode, String ca) {
    return new DatabaseTlsConfig(mode, ca, "", "", new Secret(""));
  }

  private static DatabaseConfig config() {
    return VitrineConfig.load(List.of(), Map.of()).database();
  }
}
