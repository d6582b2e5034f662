package io.vitrine.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.api.TestingApi;
import io.vitrine.catalog.TestingDatabase;
import io.vitrine.catalog.database.DatabaseAddress;
import io.vitrine.catalog.database.DatabaseUrl;
import io.vitrine.catalog.sql.DatabaseException;
import io.vitrine.testing.TestingProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers that start before their database, or without one. */
class LateDatabaseWireTest {
  private Path directory = Path.of("");
  private DatabaseAddress database = DatabaseAddress.parse("postgresql://u:p@127.0.0.1:1/d");

  @BeforeEach
  void makeDatabase() throws IOException {
    directory = TestingServer.newDirectory();
    database = TestingDatabase.of(directory);
  }

  @AfterEach
  void removeDatabase() throws IOException {
    TestingServer.remove(directory);
  }

  @Test
  void startsWhenItsDatabaseDoes() throws Exception {
    int port = closedPort();
    try (var later = Executors.newSingleThreadScheduledExecutor()) {
      var opening =
          later.schedule(
              () -> proxy(port, database.servers().getFirst().port()), 2, TimeUnit.SECONDS);
      try (var server = TestingServer.start(directory, settings(port, database.password()))) {
        assertThat(new TestingApi(server.port()).call("GET", "/v2/images").statusCode())
            .isEqualTo(200);
        assertThat(opening.isDone()).isTrue();
      } finally {
        opening.get().close();
      }
    }
  }

  @Test
  void refusesAWrongPasswordAtOnce() {
    int port = database.servers().getFirst().port();

    assertThatThrownBy(() -> TestingServer.start(directory, settings(port, "wrong")))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("password authentication failed");
  }

  @Test
  void refusesAnUnknownDatabaseAtOnce() {
    var unknown =
        Map.of(
            "VITRINE_DATABASE__URL",
            new DatabaseAddress(
                    database.servers(),
                    "unknown",
                    database.user(),
                    database.password(),
                    database.application(),
                    database.tls())
                .toUrl(),
            "VITRINE_DATABASE__START_TIMEOUT",
            "10m");

    assertThatThrownBy(() -> TestingServer.start(directory, unknown))
        .isInstanceOf(DatabaseException.class)
        .hasMessageContaining("database \"unknown\" does not exist");
  }

  private Map<String, String> settings(int port, String password) {
    var address =
        DatabaseAddress.local(
            new DatabaseUrl.Server("127.0.0.1", port),
            database.database(),
            database.user(),
            password);
    return Map.of(
        "VITRINE_DATABASE__URL", address.toUrl(), "VITRINE_DATABASE__START_TIMEOUT", "10m");
  }

  private static TestingProxy proxy(int port, int target) throws IOException {
    return new TestingProxy(port, target);
  }

  private static int closedPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
