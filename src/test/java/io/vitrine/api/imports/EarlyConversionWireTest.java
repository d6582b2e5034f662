package io.vitrine.api.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.format.qcow2.TestingQcow2Samples;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Imports from a server that holds the last bytes of an image back. */
@Timeout(120)
class EarlyConversionWireTest {
  private final byte[] disk = new byte[8 << 20];
  private final byte[] image;
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final CountDownLatch hasSentMost = new CountDownLatch(1);

  EarlyConversionWireTest() {
    new Random(1).nextBytes(disk);
    image = TestingQcow2Samples.tablesInFront(disk);
  }

  @Test
  void convertsWhatHasArrived() throws Exception {
    importImage(true, this::awaitHalf);
  }

  @Test
  void convertsAfterTheDownloadIfThatIsWanted() throws Exception {
    importImage(
        false,
        server -> {
          TestingConditions.await(
              server::staged,
              files -> files.stream().anyMatch(file -> file.toFile().length() > image.length / 2));
          assertThat(server.files()).isEqualTo(server.staged());
        });
  }

  @Test
  void goesOnWithADownloadThatBroke() throws Exception {
    var home = TestingServer.newDirectory();
    try (var source = TestingSource.start();
        var server = TestingServer.start(home, settings(source, true))) {
      var api = new TestingApi(server.port());
      var id = api.create("qcow2");

      api.importFrom(id, source.serve((headers, client) -> sendPart(headers, client, server)));

      assertIsConverted(api, id);
    } finally {
      TestingServer.remove(home);
    }
  }

  @Test
  void startsOverInAnotherProcess() throws Exception {
    var home = TestingServer.newDirectory();
    try (var source = TestingSource.start()) {
      var settings = settings(source, true);
      String id;
      try (var first = TestingServer.start(home, settings)) {
        var api = new TestingApi(first.port());
        id = api.create("qcow2");
        api.importFrom(id, source.serve(this::send));
        awaitHalf(first);
      }
      mayEnd.countDown();

      try (var second = TestingServer.start(home, settings)) {
        assertIsConverted(new TestingApi(second.port()), id);
        TestingConditions.await("one file", () -> second.blobs().size() == 1);
      }
    } finally {
      mayEnd.countDown();
      TestingServer.remove(home);
    }
  }

  /** Breaks off in the middle, and sends the rest only when the first half is stored. */
  private void sendPart(Map<String, String> headers, OutputStream client, TestingServer server)
      throws IOException {
    var range = headers.get("range");
    int most = image.length - 100;
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    if (range != null) {
      awaitHalf(server);
    }
    var status =
        range == null
            ? "200 OK\r\n"
            : "206 Partial Content\r\nContent-Range: bytes %d-%d/%d\r\n"
                .formatted(from, image.length - 1, image.length);
    client.write(
        "HTTP/1.1 %sETag: \"v1\"\r\nContent-Length: %d\r\n\r\n"
            .formatted(status, image.length - from)
            .getBytes(StandardCharsets.US_ASCII));
    client.write(image, from, range == null ? most : image.length - from);
  }

  private void awaitHalf(TestingServer server) {
    TestingConditions.await(
        "the first half of the disk", () -> server.blobs().stream().anyMatch(this::isHalfDone));
  }

  private static Map<String, String> settings(TestingSource source, boolean early) {
    return Map.of(
        "VITRINE_IMPORT__WEB_DOWNLOAD__ALLOWED_PORTS", String.valueOf(source.port()),
        "VITRINE_IMPORT__WEB_DOWNLOAD__RETRY_PAUSE", "1ms",
        "VITRINE_IMPORT__CONVERSION__EARLY", String.valueOf(early));
  }

  /** Looks at the server when all but the last bytes are there. */
  private interface Look {
    void at(TestingServer server);
  }

  private void importImage(boolean early, Look look) throws Exception {
    var home = TestingServer.newDirectory();
    try (var source = TestingSource.start()) {
      try (var server = TestingServer.start(home, settings(source, early))) {
        var api = new TestingApi(server.port());
        var id = api.create("qcow2");
        api.importFrom(id, source.serve(this::send));
        hasSentMost.await();
        look.at(server);
        assertThat(api.task(id).getString("status")).isEqualTo("processing");
        mayEnd.countDown();

        assertIsConverted(api, id);
        TestingConditions.await(server::scratch, List::isEmpty);
      }
    } finally {
      mayEnd.countDown();
      TestingServer.remove(home);
    }
  }

  private void assertIsConverted(TestingApi api, String id) throws Exception {
    var task =
        TestingConditions.await(() -> api.task(id), seen -> seen.getString("expires_at") != null);
    assertThat(task.getString("status")).as(task.getString("message")).isEqualTo("success");
    var active = api.image(id);
    assertThat(active.getString("status")).isEqualTo("active");
    assertThat(active.getString("disk_format")).isEqualTo("raw");
    assertThat(Arrays.equals(api.download(id).body(), disk)).isTrue();
  }

  private void send(OutputStream client) throws IOException {
    int most = image.length - 100;
    TestingSource.send(client, image, most);
    hasSentMost.countDown();
    TestingSource.hold(mayEnd);
    client.write(image, most, image.length - most);
  }

  private boolean isHalfDone(Path file) {
    try (var content = Files.newInputStream(file)) {
      var half = content.readNBytes(disk.length / 2);
      return Arrays.equals(half, Arrays.copyOf(disk, disk.length / 2));
    } catch (IOException gone) {
      return false;
    }
  }
}
