package io.vitrine.api.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.catalog.TestingDatabase;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * An older database is restored in which a cached image waits for its data, and it gets other data
 * of the same size. The cache is not maintained in the time of a test.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CachedDataWireTest {
  private static final int SIZE = 300_000;

  private final Path directory;
  private final TestingServer server;
  private final TestingApi api;
  private final byte[] old = UploadWireTest.data(SIZE);
  private final byte[] data = old.clone();

  CachedDataWireTest() throws Exception {
    directory = TestingServer.newDirectory();
    server =
        TestingServer.start(
            directory,
            Map.of("VITRINE_CACHE__ENABLED", "true", "VITRINE_LEASE__GC_INTERVAL", "1h"));
    api = new TestingApi(server.port());
    data[5] ^= 1;
  }

  @AfterAll
  void close() throws IOException {
    server.close();
    TestingServer.remove(directory);
  }

  private void awaitCached(String id) {
    TestingConditions.await(
        () -> api.call("GET", "/v2/cache").body(), body -> body.contains("\"image_id\":\"" + id));
  }

  /** An image with new data, whose old data is in the cache. */
  private String replaced() throws Exception {
    var id = api.create(old);
    api.download(id);
    awaitCached(id);
    restoreWithoutData(id);
    assertThat(api.image(id).getString("status")).isEqualTo("queued");
    assertThat(api.upload(id, data).statusCode()).isEqualTo(204);
    return id;
  }

  private void restoreWithoutData(String id) throws SQLException {
    var address = TestingDatabase.of(directory);
    try (var connection =
            DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        var statement = connection.createStatement()) {
      statement.execute("delete from blobs where image_id = '%s'".formatted(id));
      statement.execute(
          """
          update images set status = 'queued', size = null, virtual_size = null, checksum = null,
            hash_algo = null, hash_value = null, sha256 = null, stores = '{}' where id = '%s'
          """
              .formatted(id));
    }
  }

  @Test
  void isServedWithItsDigests() throws Exception {
    var id = replaced();

    var part = api.download(id, "Range", "bytes=0-9");
    var whole = api.download(id);
    awaitCached(id);
    var cached = api.download(id);

    assertThat(part.body()).isEqualTo(Arrays.copyOf(data, 10));
    assertThat(whole.body()).isEqualTo(data).isEqualTo(cached.body());
    assertThat(whole.headers().firstValue("Content-MD5"))
        .hasValue(api.image(id).getString("checksum"));
  }

  @Test
  void isCachedOnDemand() throws Exception {
    var id = replaced();

    assertThat(api.call("PUT", "/v2/cache/" + id).statusCode()).isEqualTo(202);
    TestingConditions.await(
        () -> api.call("GET", "/v2/cache").body(), body -> body.contains("\"queued_images\":[]"));

    awaitCached(id);
    assertThat(api.download(id, "Range", "bytes=0-9").body()).isEqualTo(Arrays.copyOf(data, 10));
  }

  @Test
  void makesTheCacheDropTheOldData() throws Exception {
    var id = replaced();

    TestingConditions.await(
        () -> {
          // The cache is maintained whenever data is removed.
          api.call("DELETE", "/v2/images/" + api.create(old));
          return api.call("GET", "/v2/cache").body();
        },
        body -> !body.contains(id));
  }
}
