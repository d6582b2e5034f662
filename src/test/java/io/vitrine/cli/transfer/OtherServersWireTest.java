package io.vitrine.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.TestingServer;
import io.vitrine.cli.TestingCommand;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads to a server that ends meanwhile, and to one like Glance. */
class OtherServersWireTest {
  private static final byte[] DATA = UploadWireTest.data(16 << 20);
  private static final String ID = "11111111-2222-3333-4444-555555555555";

  @TempDir private Path directory = Path.of("");

  private TestingCommand upload(String url, int parts) throws IOException {
    var file = Files.write(directory.resolve("disk.raw"), DATA);
    return TestingCommand.run(
        Map.of("XDG_STATE_HOME", directory.resolve("state").toString()),
        "upload",
        file.toString(),
        "--to",
        url,
        "--parts",
        String.valueOf(parts));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void goesOnWithTheNextProcess(int parts) throws Exception {
    var home = TestingServer.newDirectory();
    var settings =
        Map.of(
            "VITRINE_NODE__NAME", "node",
            "VITRINE_UPLOADS__TAKEOVER", "1s",
            "VITRINE_SHUTDOWN__GRACE", "0s",
            "VITRINE_SCRUB__ENABLED", "false",
            "VITRINE_ROLES", "http,store");
    var first = TestingServer.start(home, settings);
    try (var line = new BadLine(first.port(), Long.MAX_VALUE)) {
      var command = new FutureTask<>(() -> upload(line.url(), parts));
      Thread.startVirtualThread(command);
      TestingConditions.await("half of the data", () -> line.sent() > DATA.length / 2);
      first.close();
      try (var next = TestingServer.start(home, settings)) {
        line.lead(next.port());
        var uploaded = command.get(60, TimeUnit.SECONDS);

        assertThat(uploaded.code()).as(uploaded.text()).isZero();
        assertThat(new TestingApi(next.port()).download(uploaded.text().strip()).body())
            .isEqualTo(DATA);
      }
    } finally {
      first.close();
      TestingServer.remove(home);
    }
  }

  /** Another service knows nothing of tus, and the store of this one may keep no parts. */
  @ParameterizedTest
  @CsvSource({"1, false", "4, false", "4, true"})
  void sendsAllInOneRequestWhereNothingElseIsOffered(int parts, boolean isTus) throws Exception {
    var asked = new CopyOnWriteArrayList<String>();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> answer(exchange, asked, isTus));
    server.start();
    try {
      var command =
          upload("http://127.0.0.1:" + server.getAddress().getPort() + "/image/v2", parts);

      assertThat(command.code()).as(command.text()).isZero();
      assertThat(command.text().lines().toList().getLast()).isEqualTo(ID);
      assertThat(command.text().contains("joins no parts")).isEqualTo(parts > 1);
      assertThat(asked)
          .containsSubsequence(
              "POST /image/v2/images",
              "POST /image/vitrine/v1/images/" + ID + "/uploads",
              "PUT /image/v2/images/" + ID + "/file " + DATA.length);
    } finally {
      server.stop(0);
    }
  }

  /** Knows one image, which is active once it has data. */
  private static void answer(
      HttpExchange exchange, CopyOnWriteArrayList<String> asked, boolean isTus) throws IOException {
    int length = exchange.getRequestBody().readAllBytes().length;
    var request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    boolean isData = request.startsWith("PUT ");
    asked.add(isData ? request + " " + length : request);
    boolean isActive = asked.stream().anyMatch(each -> each.startsWith("PUT "));
    var image =
        new JsonObject().put("id", ID).put("status", isActive ? "active" : "queued").encode();
    if (isTus && request.startsWith("OPTIONS")) {
      exchange.getResponseHeaders().set("Tus-Extension", "creation,concatenation");
      exchange.sendResponseHeaders(204, -1);
    } else if (request.contains("/vitrine/")) {
      exchange.sendResponseHeaders(isTus ? 501 : 404, -1);
    } else if (isData) {
      exchange.sendResponseHeaders(204, -1);
    } else {
      var body = image.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(request.startsWith("POST") ? 201 : 200, body.length);
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }
}
