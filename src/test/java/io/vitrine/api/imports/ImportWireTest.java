package io.vitrine.api.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import io.vitrine.fetch.BreakingSite;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingSource;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Imports; needs qemu-img on the path. */
@ExtendWith(SharedServer.class)
class ImportWireTest {
  private static final JsonObject DIRECT = method(new JsonObject().put("name", "glance-direct"));

  private final TestingServer server;
  private final TestingSource source;
  private final TestingApi api;

  @TempDir private Path directory = Path.of("");

  ImportWireTest(TestingServer server, TestingSource source) {
    this.server = server;
    this.source = source;
    this.api = new TestingApi(server.port());
  }

  private static JsonObject method(JsonObject method) {
    return new JsonObject().put("method", method);
  }

  private static JsonObject web(String uri) {
    return method(new JsonObject().put("name", "web-download").put("uri", uri));
  }

  private HttpResponse<String> submit(String id, JsonObject request) throws Exception {
    return api.post("/v2/images/" + id + "/import", request);
  }

  private void qemuImg(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("qemu-img"));
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).as("install qemu-utils; %s", command).isZero();
  }

  private byte[] file(String name) throws Exception {
    return Files.readAllBytes(directory.resolve(name));
  }

  private byte[] qcow2() throws Exception {
    Files.write(
        directory.resolve("source.raw"), Arrays.copyOf(UploadWireTest.data(3 << 20), 5 << 20));
    qemuImg("convert", "-f", "raw", "-O", "qcow2", "source.raw", "source.qcow2");
    qemuImg("convert", "-f", "qcow2", "-O", "raw", "source.qcow2", "expected.raw");
    return file("source.qcow2");
  }

  @Test
  void convertsWhatIsStaged() throws Exception {
    var id = api.create("qcow2");
    assertThat(api.stage(id, qcow2()).statusCode()).isEqualTo(204);

    var answer = submit(id, DIRECT);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    assertThat(answer.body()).isEmpty();
    var image = api.await(id, "active");
    assertThat(image.getString("disk_format")).isEqualTo("raw");
    assertThat(image.getLong("size")).isEqualTo(5 << 20);
    assertThat(image.getString("os_glance_failed_import")).isEmpty();
    assertThat(image.getString("os_glance_importing_to_stores")).isEmpty();
    assertThat(Arrays.equals(api.download(id).body(), file("expected.raw"))).isTrue();
    TestingConditions.await(server::scratch, List::isEmpty);
    assertTask(id);
  }

  private void assertTask(String id) throws Exception {
    var task =
        TestingConditions.await(
            () -> api.task(id), seen -> seen.getString("status").equals("success"));
    assertThat(task.fieldNames())
        .containsExactlyInAnyOrder(
            "id",
            "type",
            "status",
            "owner",
            "expires_at",
            "created_at",
            "updated_at",
            "deleted",
            "deleted_at",
            "input",
            "result",
            "message",
            "progress",
            "image_id",
            "request_id",
            "user_id");
    assertThat(task.getString("type")).isEqualTo("api_image_import");
    assertThat(task.getString("owner")).isEqualTo(TestingServer.PROJECT);
    assertThat(task.getString("image_id")).isEqualTo(id);
    assertThat(task.getString("request_id")).startsWith("req-");
    assertThat(task.getString("created_at"))
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}");
    assertThat(task.getString("expires_at")).isNotNull();
    assertThat(task.getJsonObject("input").getJsonObject("import_req")).isEqualTo(DIRECT);
  }

  @Test
  void downloadsFromTheWeb() throws Exception {
    var id = api.create();
    var data = UploadWireTest.data(2 << 20);

    assertThat(submit(id, web(source.serve(data))).statusCode()).isEqualTo(202);

    assertSucceeded(id);
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

    assertThat(submit(id, web(uri)).statusCode()).isEqualTo(202);

    assertSucceeded(id);
    assertThat(calls).hasValue(2);
    assertThat(Arrays.equals(api.download(id).body(), data)).isTrue();
  }

  @Test
  void goesOnWhereTheConnectionWasCut() throws Exception {
    var id = api.create();
    var data = UploadWireTest.data(5 << 20);
    var site = new BreakingSite(data, 2_000_003, "ETag: \"v1\"\r\n");

    assertThat(submit(id, web(site.on(source))).statusCode()).isEqualTo(202);

    assertSucceeded(id);
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

    assertThat(submit(id, web(uri)).statusCode()).isEqualTo(202);

    assertSucceeded(id);
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

    assertThat(submit(id, web(uri)).statusCode()).isEqualTo(202);

    assertFailed(id, "complete");
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

    assertThat(submit(id, web(uri)).statusCode()).isEqualTo(202);

    assertFailed(id, "Downloading failed: The server answered 404 (not found).");
    assertThat(api.upload(id, UploadWireTest.data(10)).statusCode()).isEqualTo(204);
  }

  @Test
  void refusesAnImageThatNamesOtherFiles() throws Exception {
    qemuImg("create", "-f", "qcow2", "-u", "-b", "/etc/passwd", "-F", "raw", "unsafe.qcow2", "1M");
    var id = api.create("qcow2");
    assertThat(api.stage(id, file("unsafe.qcow2")).statusCode()).isEqualTo(204);

    assertThat(submit(id, DIRECT).statusCode()).isEqualTo(202);

    assertFailed(id, "backing");
  }

  @Test
  void refusesAnImageOfAGiganticDisk() throws Exception {
    qemuImg("create", "-f", "qcow2", "-o", "cluster_size=2M", "huge.qcow2", "1P");
    var id = api.create("qcow2");
    assertThat(api.stage(id, file("huge.qcow2")).statusCode()).isEqualTo(204);

    assertThat(submit(id, DIRECT).statusCode()).isEqualTo(202);

    assertFailed(id, "The virtual size of 1125899906842624 bytes is larger");
    TestingConditions.await(server::scratch, List::isEmpty);
  }

  private void assertSucceeded(String id) {
    var task =
        TestingConditions.await(() -> api.task(id), seen -> seen.getString("expires_at") != null);
    assertThat(task.getString("status")).as(task.getString("message")).isEqualTo("success");
  }

  private void assertFailed(String id, String reason) throws Exception {
    var task =
        TestingConditions.await(
            () -> api.task(id), seen -> seen.getString("status").equals("failure"));
    assertThat(task.getString("message")).contains(reason).doesNotContain("/etc", "Exception");
    var image = api.image(id);
    assertThat(image.getString("status")).isEqualTo("queued");
    assertThat(image.getLong("size")).isNull();
    assertThat(image.getString("os_glance_failed_import")).isEqualTo("local");
    assertThat(image.getString("os_glance_importing_to_stores")).isEmpty();
  }

  @Test
  void importsToTheStoreThatIsNamed() throws Exception {
    var listed = api.create();
    var headed = api.create();
    var uri = source.serve(UploadWireTest.data(100));

    assertThat(submit(listed, web(uri).put("stores", new JsonArray().add("archive"))).statusCode())
        .isEqualTo(202);
    assertThat(
            api.send(
                    "POST",
                    "/v2/images/" + headed + "/import",
                    BodyPublishers.ofString(web(uri).encode()),
                    "X-Image-Meta-Store",
                    "archive")
                .statusCode())
        .isEqualTo(202);

    assertThat(api.await(listed, "active").getString("stores")).isEqualTo("archive");
    assertThat(api.await(headed, "active").getString("stores")).isEqualTo("archive");
  }

  @Test
  void refusesStoresThatItCannotServe() throws Exception {
    var id = api.create();
    var request = web(source.serve(UploadWireTest.data(100)));

    assertThat(submit(id, request.copy().put("stores", new JsonArray().add("moon"))).statusCode())
        .isEqualTo(409);
    assertThat(
            submit(
                    id,
                    request
                        .copy()
                        .put("stores", new JsonArray().add("local"))
                        .put("all_stores", true))
                .statusCode())
        .isEqualTo(400);
    assertThat(submit(id, request.copy().put("all_stores", "yes")).statusCode()).isEqualTo(400);
    assertThat(submit(id, request.copy().put("all_stores_must_succeed", 1)).statusCode())
        .isEqualTo(400);
    assertThat(api.image(id).getString("status")).isEqualTo("queued");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"method\": \"web-download\"}",
        "{\"method\": {}}",
        "{\"method\": {\"name\": \"telepathy\"}}",
        "{\"method\": {\"name\": \"web-download\"}}",
        "{\"method\": {\"name\": \"web-download\", \"uri\": 1}}"
      })
  void refusesRequestsThatSayTooLittle(String body) throws Exception {
    var id = api.create();

    assertThat(api.post("/v2/images/" + id + "/import", body).statusCode()).isEqualTo(400);
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

    var answer = submit(id, web(uri));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(api.image(id).getString("status")).isEqualTo("queued");
  }

  @Test
  void importsOnlyWhenTheImageIsReady() throws Exception {
    var uri = source.serve(UploadWireTest.data(100));
    var queued = api.create();
    var formless = api.create(new JsonObject());
    var active = api.create(UploadWireTest.data(10));
    var staged = api.create();
    assertThat(api.stage(staged, UploadWireTest.data(10)).statusCode()).isEqualTo(204);
    var formlessStaged = api.create(new JsonObject());
    assertThat(api.stage(formlessStaged, UploadWireTest.data(10)).statusCode()).isEqualTo(204);

    assertThat(submit(queued, DIRECT).statusCode()).isEqualTo(409);
    assertThat(submit(formless, web(uri)).statusCode()).isEqualTo(409);
    assertThat(submit(formlessStaged, DIRECT).statusCode()).isEqualTo(409);
    assertThat(submit(active, web(uri)).statusCode()).isEqualTo(409);
    assertThat(submit(active, DIRECT).statusCode()).isEqualTo(409);
    assertThat(submit(staged, web(uri)).statusCode()).isEqualTo(409);
    assertThat(submit("00000000-0000-0000-0000-000000000000", web(uri)).statusCode())
        .isEqualTo(404);
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
    assertThat(submit(id, web(uri)).statusCode()).isEqualTo(202);
    TestingConditions.await(server::blobs, blobs -> !before.containsAll(blobs));

    assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);

    TestingConditions.await(server::blobs, blobs -> before.containsAll(blobs));
    released.countDown();
  }
}
