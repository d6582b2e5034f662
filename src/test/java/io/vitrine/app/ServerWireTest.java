package io.vitrine.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import io.vitrine.catalog.embedded.TestingHome;
import io.vitrine.config.ConfigException;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers that stop and start again. */
class ServerWireTest {
  private Path directory = Path.of("");

  @BeforeEach
  void makeDirectory() throws IOException {
    directory = TestingServer.newDirectory();
  }

  @AfterEach
  void removeDirectory() throws IOException {
    TestingServer.remove(directory);
  }

  @Test
  void findsItsImagesAgain() throws Exception {
    TestingHome.prepare(directory.resolve("data"));
    var data = new byte[] {1, 2, 3};
    String id;
    try (var server = TestingServer.start(directory, TestingServer.EMBEDDED)) {
      id = new TestingApi(server.port()).create(data);
    }

    try (var server = TestingServer.start(directory, TestingServer.EMBEDDED)) {
      var api = new TestingApi(server.port());
      assertThat(api.image(id).getString("status")).isEqualTo("active");
      assertThat(api.call("GET", "/v2/images/" + id + "/file").body())
          .isEqualTo("\u0001\u0002\u0003");
    }
  }

  @Test
  void leavesTheDirectoryToItsFirstOwner() throws Exception {
    TestingHome.prepare(directory.resolve("data"));
    try (var server = TestingServer.start(directory, TestingServer.EMBEDDED)) {
      assertThatThrownBy(() -> TestingServer.start(directory, TestingServer.EMBEDDED))
          .hasMessageContaining("is in use by another Vitrine");

      var api = new TestingApi(server.port());
      assertThat(api.call("GET", "/healthcheck").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void namesAMissingFileOfCeph() {
    var settings =
        Map.of(
            "VITRINE_STORES__DEFAULT", "ceph",
            "VITRINE_STORES__BACKENDS__CEPH__KIND", "rbd",
            "VITRINE_STORES__BACKENDS__CEPH__RBD__CONF_FILE", "/nowhere/ceph.conf");

    assertThatThrownBy(() -> TestingServer.start(directory, settings))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("/nowhere/ceph.conf, the conf_file of a backend of kind rbd");
  }

  @Test
  void readsTheRulesBeforeItTouchesAStore() throws Exception {
    var rules = Files.writeString(directory.resolve("policy.yaml"), "get_image: 'role:a or'");
    var settings = Map.of("VITRINE_POLICY__FILE", rules.toString());

    assertThatThrownBy(() -> TestingServer.start(directory, settings))
        .hasMessageContaining("policy.yaml")
        .hasMessageContaining("get_image");
    assertThat(directory.resolve("data/stores")).doesNotExist();
  }

  @Test
  void finishesARunningUploadBeforeItStops() throws Exception {
    TestingHome.prepare(directory.resolve("data"));
    var server = TestingServer.start(directory, TestingServer.EMBEDDED);
    var port = server.port();
    var management = new TestingApi(server.managementPort());
    var id = new TestingApi(port).create();

    try (var connection = new RawConnection(port)) {
      connection
          .put("/v2/images/" + id + "/file", "Transfer-Encoding: chunked\r\n")
          .chunk(new byte[1000]);
      TestingConditions.await(server::blobs, blobs -> !blobs.isEmpty());
      var closed = CompletableFuture.runAsync(server::close);
      TestingConditions.await(
          () -> management.call("GET", "/health/ready").statusCode(), status -> status == 503);
      TestingConditions.await(() -> refuses(port), refused -> refused);
      assertThat(management.call("GET", "/health/live").statusCode()).isEqualTo(200);
      connection.chunk(new byte[1000]).chunk(new byte[0]);

      assertThat(connection.read().status()).isEqualTo(204);
      closed.get(60, TimeUnit.SECONDS);
    }
    try (var again = TestingServer.start(directory, TestingServer.EMBEDDED)) {
      assertThat(new TestingApi(again.port()).image(id).getLong("size")).isEqualTo(2000);
    }
  }

  /** A connection that is made while the listener closes may stay open, silent, to the end. */
  private static boolean refuses(int port) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(200);
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException silent) {
      return false;
    } catch (SocketException refused) {
      return true;
    }
  }

  @Test
  void asksClientsForNewConnectionsBeforeItStops() throws Exception {
    var server = TestingServer.start(directory, Map.of("VITRINE_SHUTDOWN__READY_DELAY", "2s"));
    var management = new TestingApi(server.managementPort());
    var request = "GET /v2/images HTTP/1.1\r\nHost: test\r\n\r\n";

    try (var connection = new RawConnection(server.port())) {
      assertThat(connection.send(request).read().headers()).doesNotContainKey("connection");
      var closed = CompletableFuture.runAsync(server::close);
      TestingConditions.await(
          () -> management.call("GET", "/health/ready").statusCode(), status -> status == 503);
      var answer = connection.send(request).read();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.headers()).containsEntry("connection", "close");
      closed.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void waitsForNoBalancersWithoutAnApi() throws Exception {
    var server =
        TestingServer.start(
            directory,
            Map.of("VITRINE_ROLES", "import,store", "VITRINE_SHUTDOWN__READY_DELAY", "10m"));

    var closed = CompletableFuture.runAsync(server::close);

    closed.get(60, TimeUnit.SECONDS);
    assertThat(closed).isCompleted();
  }

  @Test
  void cutsAnUploadThatOutlastsTheGraceTime() throws Exception {
    var server = TestingServer.start(directory, Map.of("VITRINE_SHUTDOWN__GRACE", "1s"));
    var id = new TestingApi(server.port()).create();

    try (var connection = new RawConnection(server.port())) {
      connection
          .put("/v2/images/" + id + "/file", "Transfer-Encoding: chunked\r\n")
          .chunk(new byte[1000]);
      TestingConditions.await(server::blobs, blobs -> !blobs.isEmpty());

      server.close();

      assertThat(connection.isClosedByServer()).isTrue();
    }
    try (var again = TestingServer.start(directory, Map.of())) {
      new TestingApi(again.port()).await(id, "queued");
      TestingConditions.await(again::blobs, List::isEmpty);
    }
  }

  @Test
  void handsARunningImportBack() throws Exception {
    var isStuck = new CountDownLatch(1);
    var data = new byte[1 << 20];
    try (var source = TestingSource.start()) {
      var calls = new AtomicInteger();
      var uri =
          source.serve(
              client -> {
                boolean isFirst = calls.incrementAndGet() == 1;
                TestingSource.send(client, data, isFirst ? data.length / 2 : data.length);
                if (isFirst) {
                  await(isStuck);
                }
              });
      var settings =
          Map.of(
              "VITRINE_SHUTDOWN__GRACE",
              "1s",
              "VITRINE_IMPORT__WEB_DOWNLOAD__ALLOWED_PORTS",
              String.valueOf(source.port()));
      String id;
      try (var server = TestingServer.start(directory, settings)) {
        var api = new TestingApi(server.port());
        id = api.create();
        api.importFrom(id, uri);
        TestingConditions.await(server::blobs, blobs -> !blobs.isEmpty());
      }

      try (var server = TestingServer.start(directory, settings)) {
        var api = new TestingApi(server.port());
        assertThat(api.await(id, "active").getLong("size")).isEqualTo(data.length);
        assertThat(calls).hasValue(2);
        TestingConditions.await(server::blobs, blobs -> blobs.size() == 1);
      }
      isStuck.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
