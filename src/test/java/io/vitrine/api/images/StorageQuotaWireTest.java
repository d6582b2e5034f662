package io.vitrine.api.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.TestingServer;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each project may have a MiB of data, by Glance's older option. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StorageQuotaWireTest {
  private static final byte[] DATA = UploadWireTest.data(600 << 10);

  private Path directory;
  private TestingServer server;
  private TestingApi api;

  @BeforeAll
  void start() throws Exception {
    directory = TestingServer.newDirectory();
    server = TestingServer.start(directory, Map.of("VITRINE_QUOTA__USER_STORAGE_QUOTA", "1MiB"));
    api = new TestingApi(server.port());
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
    TestingServer.remove(directory);
  }

  @Test
  void refusesWhatDoesNotFitUntilThereIsRoom() throws Exception {
    var first = api.create(DATA);
    var second = api.create();

    var announced = api.upload(second, DATA);
    var chunked =
        api.send(
            "PUT",
            "/v2/images/" + second + "/file",
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(DATA)),
            "Content-Type",
            "application/octet-stream");
    var refused = api.image(second);
    api.call("DELETE", "/v2/images/" + first);
    var fitting = api.upload(second, DATA);
    api.call("DELETE", "/v2/images/" + second);

    assertThat(announced.statusCode()).isEqualTo(413);
    assertThat(chunked.statusCode()).isEqualTo(413);
    assertThat(refused.getString("status")).isEqualTo("queued");
    assertThat(refused.getLong("size")).isNull();
    assertThat(fitting.statusCode()).isEqualTo(204);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void givesTheLastRoomToOneOfThree(boolean isAnnounced) throws Exception {
    var ids = List.of(api.create(), api.create(), api.create());
    var uploads = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (var id : ids) {
      uploads.add(
          api.uploadLater(
              id,
              isAnnounced
                  ? BodyPublishers.ofByteArray(DATA)
                  : BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(DATA))));
    }

    assertThat(uploads.stream().map(upload -> upload.join().statusCode()))
        .containsExactlyInAnyOrder(204, 413, 413);

    for (var id : ids) {
      api.call("DELETE", "/v2/images/" + id);
    }
  }

  @Test
  void hasNoUsageToShow() throws Exception {
    var usage = new JsonObject(api.call("GET", "/v2/info/usage").body());

    assertThat(usage).isEqualTo(new JsonObject().put("usage", new JsonObject()));
  }
}
