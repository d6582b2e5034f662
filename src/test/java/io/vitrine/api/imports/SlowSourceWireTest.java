package io.vitrine.api.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Servers that send a byte now and then hold up nobody for long. */
class SlowSourceWireTest {
  private static final int DOWNLOADS = 2;

  @Test
  void failsDownloadsThatAreTooSlowAndStoresOthersMeanwhile() throws Exception {
    var directory = TestingServer.newDirectory();
    try (var source = TestingSource.start()) {
      var settings =
          Map.of(
              "VITRINE_IMPORT__WEB_DOWNLOAD__ALLOWED_PORTS", String.valueOf(source.port()),
              "VITRINE_IMPORT__DOWNLOADS", String.valueOf(DOWNLOADS),
              "VITRINE_IMPORT__CONCURRENCY", "1",
              "VITRINE_IMPORT__MAX_ATTEMPTS", "1",
              "VITRINE_IMPORT__WEB_DOWNLOAD__MIN_RATE", "1KiB",
              "VITRINE_IMPORT__WEB_DOWNLOAD__MIN_RATE_WINDOW", "1s");
      try (var server = TestingServer.start(directory, settings)) {
        assertHoldsUpNobody(new TestingApi(server.port()), source);
      }
    } finally {
      TestingServer.remove(directory);
    }
  }

  private static void assertHoldsUpNobody(TestingApi api, TestingSource source) throws Exception {
    var slow = new ArrayList<String>();
    for (int i = 0; i < 2 * DOWNLOADS; i++) {
      slow.add(api.create());
      var uri = source.serve(SlowSourceWireTest::drip);
      var method = new JsonObject().put("name", "web-download").put("uri", uri);
      var answer =
          api.post(
              "/v2/images/" + slow.getLast() + "/import", new JsonObject().put("method", method));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }
    TestingConditions.await(
        () -> api.task(slow.getFirst()), task -> task.getString("status").equals("processing"));

    var staged = api.create();
    assertThat(api.stage(staged, UploadWireTest.data(5)).statusCode()).isEqualTo(204);
    assertThat(api.importStaged(staged).statusCode()).isEqualTo(202);

    api.await(staged, "active");
    assertThat(api.task(slow.getLast()).getString("status")).isNotEqualTo("failure");
    for (var id : slow) {
      var task =
          TestingConditions.await(
              () -> api.task(id), seen -> seen.getString("status").equals("failure"));
      assertThat(task.getString("message")).contains("too slowly", "1024 bytes per second");
    }
  }

  private static void drip(OutputStream client) throws IOException {
    client.write(
        "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < 1000; i++) {
      client.write('x');
      client.flush();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }
}
