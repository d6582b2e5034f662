package io.vitrine.api.imports;

import static io.vitrine.api.imports.ImportClient.method;
import static io.vitrine.api.imports.ImportClient.web;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import io.vitrine.importer.TestingDiskImages;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingSource;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Imports. */
@ExtendWith(SharedServer.class)
class ImportWireTest {
  private static final JsonObject DIRECT = method(new JsonObject().put("name", "glance-direct"));

  private final TestingServer server;
  private final TestingSource source;
  private final TestingApi api;
  private final ImportClient imports;

  ImportWireTest(TestingServer server, TestingSource source) {
    this.server = server;
    this.source = source;
    this.api = new TestingApi(server.port());
    this.imports = new ImportClient(api);
  }

  @Test
  void convertsWhatIsStaged() throws Exception {
    var disk = Arrays.copyOf(UploadWireTest.data(3 << 20), 5 << 20);
    var id = api.create("qcow2");
    assertThat(api.stage(id, TestingDiskImages.of("qcow2", disk)).statusCode()).isEqualTo(204);

    var answer = imports.submit(id, DIRECT);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    assertThat(answer.body()).isEmpty();
    var image = api.await(id, "active");
    assertThat(image.getString("disk_format")).isEqualTo("raw");
    assertThat(image.getLong("size")).isEqualTo(5 << 20);
    assertThat(image.getString("os_glance_failed_import")).isEmpty();
    assertThat(image.getString("os_glance_importing_to_stores")).isEmpty();
    assertThat(Arrays.equals(api.download(id).body(), disk)).isTrue();
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

  /**
   * A qcow2 file of a disk that was never written, with clusters of 1 &lt;&lt; clusterBits bytes.
   */
  private static byte[] unwritten(int clusterBits, long sizeBytes) {
    long tableBytes = 1L << (2 * clusterBits - 3); // mapped by one L2 table
    var header = ByteBuffer.allocate(4 << clusterBits);
    header
        .putInt(0, 0x514649fb)
        .putInt(4, 3)
        .putInt(20, clusterBits)
        .putLong(24, sizeBytes)
        .putInt(36, (int) (1 + (sizeBytes - 1) / tableBytes));
    header.putLong(40, 3L << clusterBits).putLong(48, 1L << clusterBits).putInt(56, 1);
    header.putInt(96, 4).putInt(100, 104).putLong(1 << clusterBits, 2L << clusterBits);
    return header.array();
  }

  @Test
  void refusesAnImageThatNamesOtherFiles() throws Exception {
    var unsafe = unwritten(16, 1 << 20);
    var header = ByteBuffer.wrap(unsafe);
    header.putLong(8, 512).putInt(16, 11).put(512, "/etc/passwd".getBytes(US_ASCII));
    var id = api.create("qcow2");
    assertThat(api.stage(id, unsafe).statusCode()).isEqualTo(204);

    assertThat(imports.submit(id, DIRECT).statusCode()).isEqualTo(202);

    imports.assertFailed(id, "backing");
  }

  @Test
  void refusesAnImageOfAGiganticDisk() throws Exception {
    var id = api.create("qcow2");
    assertThat(api.stage(id, unwritten(21, 1L << 50)).statusCode()).isEqualTo(204);

    assertThat(imports.submit(id, DIRECT).statusCode()).isEqualTo(202);

    imports.assertFailed(id, "The virtual size of 1125899906842624 bytes is larger");
    TestingConditions.await(server::scratch, List::isEmpty);
  }

  @Test
  void importsToTheStoreThatIsNamed() throws Exception {
    var listed = api.create();
    var headed = api.create();
    var uri = source.serve(UploadWireTest.data(100));

    assertThat(
            imports
                .submit(listed, web(uri).put("stores", new JsonArray().add("archive")))
                .statusCode())
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

    assertThat(
            imports
                .submit(id, request.copy().put("stores", new JsonArray().add("moon")))
                .statusCode())
        .isEqualTo(409);
    assertThat(
            imports
                .submit(
                    id,
                    request
                        .copy()
                        .put("stores", new JsonArray().add("local"))
                        .put("all_stores", true))
                .statusCode())
        .isEqualTo(400);
    assertThat(imports.submit(id, request.copy().put("all_stores", "yes")).statusCode())
        .isEqualTo(400);
    assertThat(imports.submit(id, request.copy().put("all_stores_must_succeed", 1)).statusCode())
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

    assertThat(imports.submit(queued, DIRECT).statusCode()).isEqualTo(409);
    assertThat(imports.submit(formless, web(uri)).statusCode()).isEqualTo(409);
    assertThat(imports.submit(formlessStaged, DIRECT).statusCode()).isEqualTo(409);
    assertThat(imports.submit(active, web(uri)).statusCode()).isEqualTo(409);
    assertThat(imports.submit(active, DIRECT).statusCode()).isEqualTo(409);
    assertThat(imports.submit(staged, web(uri)).statusCode()).isEqualTo(409);
    assertThat(imports.submit("00000000-0000-0000-0000-000000000000", web(uri)).statusCode())
        .isEqualTo(404);
  }
}
