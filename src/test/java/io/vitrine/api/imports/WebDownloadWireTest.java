package io.vitrine.api.imports;

import static io.vitrine.api.imports.ImportClient.web;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import io.vitrine.fetch.BreakingSite;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingSource;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Imports of images that lie at a URL. */
@ExtendWith(SharedServer.class)
class WebDownloadWireTest {
  private final TestingServer server;
  private final TestingSource source;
  private final TestingApi api;
  private final ImportClient imports;

  WebDownloadWireTest(TestingServer server, TestingSource source) {
    this.server = server;
    this.source = source;
    this.api = new TestingApi(server.port());
    this.imports = new ImportClient(api);
  }

  @Test
  void downloadsFromTheWeb() throws Exception {
    var id = api.create();
    var data = UploadWireTest.data(2 << 20);

    assertThat(imports.submit(id, web(source.serve(data))).statusCode()).isEqualTo(202);

    imports.assertSucceeded(id);
    assertThat(api.image(id).getString("stores")).isEqualTo("local");
    assertThat(Arrays.equals(api.download(id).body(), data)).isTrue();
  }

  @Test
  void triesAgainWhenTheConnectionIsCut() throws Exception {
    var id = api.create();
    var data = UploadWireTest.data(2 << 20);
    var calls = new AtomicInteger();
    var uri =
        source.serve(
            client -> {
              boolean isFirst = calls.incrementAndGet() == 1;
              TestingSource.send(client, data, isFirst ? data.length / 2 : data.length);
              if (isFirst) {
                client.close();
              }
            });

    assertThat(imports.submit(id, web(uri)).statusCode()).isEqualTo(202);

    imports.assertSucceeded(id);
    assertThat(calls).hasValue(2);
    assertThat(Arrays.equals(api.download(id).body(), data)).isTrue();
  }

  @Test
  void goesOnWhereTheConnectionWasCut() throws Exception {
    var id = api.create();
    var data = UploadWireTest.data(5 << 20);
    var site = new BreakingSite(data, 2_000_003, "ETag: \"v1\"\r\n");

    assertThat(imports.submit(id, web(site.on(source))).statusCode()).isEqualTo(202);

    imports.assertSucceeded(id);
    assertThat(site.asked())
        .containsExactly("null null", "bytes=2000003- \"v1\"", "bytes=4000006- \"v1\"");
    assertThat(Arrays.equals(api.download(id).body(), data)).isTrue();
  }

  @Test
  void beginsAnewWhenTheFileHasChangedSinceTheConnectionWasCut() throws Exception {
    var id = api.create();
    var data = UploadWireTest.data(1 << 20);
    var calls = new AtomicInteger();
    var uri =
        source.serve(
            client -> {
              boolean isOld = calls.incrementAndGet() == 1;
              client.write(
                  "HTTP/1.1 200 OK\r\nETag: \"v%d\"\r\nContent-Length: %d\r\n\r\n"
                      .formatted(isOld ? 1 : 2, data.length)
                      .getBytes(StandardCharsets.US_ASCII));
              client.write(isOld ? new byte[data.length / 2] : data);
            });

    assertThat(imports.submit(id, web(uri)).statusCode()).isEqualTo(202);

    imports.assertSucceeded(id);
    assertThat(calls).hasValue(3);
    assertThat(Arrays.equals(api.download(id).body(), data)).isTrue();
  }

  @Test
  void givesUpWhenTheConnectionIsAlwaysCut() throws Exception {
    var id = api.create();
    var before = server.blobs();
    var data = UploadWireTest.data(1 << 20);
    var uri =
        source.serve(
            client -> {
              TestingSource.send(client, data, data.length / 2);
              client.close();
            });

    assertThat(imports.submit(id, web(uri)).statusCode()).isEqualTo(202);

    imports.assertFailed(id, "complete");
    TestingConditions.await(server::blobs, blobs -> before.containsAll(blobs));
  }

  @Test
  void tellsWhatTheServerOfTheImageSaid() throws Exception {
    var id = api.create();
    var uri =
        source.serve(
            client ->
                client.write(
                    "HTTP/1.1 404 Nope\r\nContent-Length: 0\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII)));

    assertThat(imports.submit(id, web(uri)).statusCode()).isEqualTo(202);

    imports.assertFailed(id, "Downloading failed: The server answered 404 (not found).");
    assertThat(api.upload(id, UploadWireTest.data(10)).statusCode()).isEqualTo(204);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://10.0.0.1/image",
        "http://169.254.169.254/latest",
        "http://[::1]/image",
        "http://[fd00::1]/image",
        "http://0.0.0.0/image",
        "http://2130706433/image",
        "http://127.0.0.1:22/image",
        "http://user:secret@example.org/image",
        "ftp://example.org/image",
        "file:///etc/passwd",
        "nonsense"
      })
  void refusesAddressesThatNobodyMayReach(String uri) throws Exception {
    var id = api.create();

    var answer = imports.submit(id, web(uri));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(api.image(id).getString("status")).isEqualTo("queued");
  }

  @Test
  void stopsWhenTheImageIsDeleted() throws Exception {
    var id = api.create();
    var before = server.blobs();
    var data = UploadWireTest.data(1 << 20);
    var released = new CountDownLatch(1);
    var uri =
        source.serve(
            client -> {
              TestingSource.send(client, data, data.length / 2);
              try {
                released.await();
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              }
            });
    assertThat(imports.submit(id, web(uri)).statusCode()).isEqualTo(202);
    TestingConditions.await(server::blobs, blobs -> !before.containsAll(blobs));

    assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);

    TestingConditions.await(server::blobs, blobs -> before.containsAll(blobs));
    released.countDown();
  }
}
