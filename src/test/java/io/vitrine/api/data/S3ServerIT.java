package io.vitrine.api.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.catalog.TestingDatabase;
import io.vitrine.importer.TestingDiskImages;
import io.vitrine.importer.TestingImages;
import io.vitrine.importer.decompress.Compression;
import io.vitrine.importer.decompress.TestingArchives;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingS3;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Images and staged data in S3, with two servers that share nothing else but the database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3ServerIT {
  private static final byte[] DATA = UploadWireTest.data((12 << 20) + 77);

  private final Path directory;
  private final TestingS3 objects;
  private final TestingServer worker;
  private final TestingApi api;

  S3ServerIT() throws Exception {
    directory = TestingServer.newDirectory();
    objects = TestingS3.start(Files.createDirectory(directory.resolve("s3")));
    worker = start("worker", Map.of("VITRINE_STORES__BACKENDS__CLOUD__WEIGHT", "10"));
    api = new TestingApi(worker.port());
  }

  @AfterAll
  void close() throws IOException {
    worker.close();
    objects.close();
    TestingServer.remove(directory);
  }

  private TestingServer start(String node, Map<String, String> more) throws Exception {
    var settings = new HashMap<>(more);
    settings.put("VITRINE_NODE__NAME", node);
    settings.put("VITRINE_DATABASE__URL", TestingDatabase.of(directory).toUrl());
    settings.put("VITRINE_LEASE__GC_INTERVAL", "1s");
    settings.put("VITRINE_STORES__DEFAULT", "cloud");
    settings.put("VITRINE_IMPORT__PLUGINS", "image_decompression,image_conversion");
    for (var store : List.of("VITRINE_STORES__BACKENDS__CLOUD__", "VITRINE_STORES__STAGING__")) {
      settings.put(store + "KIND", "s3");
      settings.put(store + "S3__ENDPOINT", objects.endpoint().toString());
      settings.put(store + "S3__BUCKET", TestingS3.BUCKET);
      settings.put(store + "S3__ACCESS_KEY", TestingS3.KEYS.accessKey().value());
      settings.put(store + "S3__SECRET_KEY", TestingS3.KEYS.secretKey().value());
      settings.put(store + "S3__PART_SIZE", "5MiB");
      settings.put(store + "S3__MEMORY", "10MiB");
    }
    return TestingServer.start(Files.createDirectory(directory.resolve(node)), settings);
  }

  /** The objects whose keys begin with the prefix. */
  private List<Path> objects(String prefix) throws IOException {
    var root = directory.resolve("s3/buckets").resolve(TestingS3.BUCKET).resolve(prefix);
    if (!Files.exists(root)) {
      return List.of();
    }
    try (var files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static boolean isData(byte[] body, int from, int to) {
    return Arrays.equals(body, Arrays.copyOfRange(DATA, from, to));
  }

  @Test
  void keepsAnImageWhoseLengthIsNotDeclared() throws Exception {
    var id = api.create();
    var body = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(DATA));

    var answer =
        api.send(
            "PUT", "/v2/images/" + id + "/file", body, "Content-Type", "application/octet-stream");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    var image = api.image(id);
    assertThat(image.getLong("size")).isEqualTo(DATA.length);
    assertThat(image.getString("stores")).isEqualTo("cloud");
    assertThat(objects("cloud")).hasSize(1);
    assertThat(isData(api.download(id).body(), 0, DATA.length)).isTrue();
    var part = api.download(id, "Range", "bytes=5242879-5242881");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(isData(part.body(), 5242879, 5242882)).isTrue();
    assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);
    TestingConditions.await(() -> objects("cloud"), List::isEmpty);
  }

  @Test
  void importsWhatANodeHasStagedThatIsGone() throws Exception {
    String id;
    try (var gone = start("gone", Map.of("VITRINE_ROLES", "http,store"))) {
      var there = new TestingApi(gone.port());
      id = there.create();
      assertThat(there.stage(id, DATA).statusCode()).isEqualTo(204);
      assertThat(objects("staging")).hasSize(1);
    }

    assertThat(api.importStaged(id).statusCode()).isEqualTo(202);

    var image = api.await(id, "active");
    assertThat(image.getString("stores")).isEqualTo("cloud");
    assertThat(isData(api.download(id).body(), 0, DATA.length)).isTrue();
    TestingConditions.await(() -> objects("staging"), List::isEmpty);
    assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);
    TestingConditions.await(() -> objects("cloud"), List::isEmpty);
  }

  @Test
  void decompressesAndConvertsWhatIsStagedThere(@TempDir Path images) throws Exception {
    var raw = Files.readAllBytes(TestingImages.raw(images, 12));
    var qcow2 = TestingDiskImages.of("qcow2", raw);
    var id = api.create("qcow2");
    var packed = TestingArchives.compress(Compression.GZIP, qcow2);
    assertThat(api.stage(id, packed).statusCode()).isEqualTo(204);
    assertThat(objects("staging")).hasSize(1);

    assertThat(api.importStaged(id).statusCode()).isEqualTo(202);

    assertThat(api.await(id, "active").getString("disk_format")).isEqualTo("raw");
    assertThat(Arrays.equals(api.download(id).body(), raw)).isTrue();
    TestingConditions.await(() -> objects("staging"), List::isEmpty);
    TestingConditions.await(worker::scratch, List::isEmpty);
    assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);
    TestingConditions.await(() -> objects("cloud"), List::isEmpty);
  }

  @Test
  void tellsUsersNothingOfTheServer() throws Exception {
    var stores = api.call("GET", "/v2/info/stores").body();
    var details = api.call("GET", "/v2/info/stores/detail").body();

    assertThat(new JsonObject(stores).getJsonArray("stores")).isNotEmpty();
    assertThat(stores + details)
        .doesNotContain(objects.endpoint().toString())
        .doesNotContain(TestingS3.KEYS.accessKey().value())
        .doesNotContain(TestingS3.KEYS.secretKey().value());
  }
}
