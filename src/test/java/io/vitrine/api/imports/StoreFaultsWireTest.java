package io.vitrine.api.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Imports outlast a store that is full or away, and the loss of what they had fetched. */
class StoreFaultsWireTest {
  private static final byte[] DATA = UploadWireTest.data(100_000);

  private final Path directory;

  StoreFaultsWireTest() throws IOException {
    directory = TestingServer.newDirectory();
  }

  @AfterEach
  void remove() throws IOException {
    TestingServer.remove(directory);
  }

  private static void awaitMessage(TestingApi api, String id, String text) {
    TestingConditions.await(
        () -> api.task(id), task -> task.getString("message", "").contains(text));
  }

  @Test
  void waitsForRoomInAFullStore() throws Exception {
    String id;
    var full = Map.of("VITRINE_STORES__BACKENDS__LOCAL__RESERVE", "1023TiB");
    try (var server = TestingServer.start(directory, full)) {
      var api = new TestingApi(server.port());
      var answer = api.upload(api.create(), DATA);
      assertThat(answer.statusCode()).isEqualTo(413);
      assertThat(answer.body()).contains("not enough free space");

      id = api.create();
      assertThat(api.stage(id, DATA).statusCode()).isEqualTo(204);
      assertThat(api.importStaged(id).statusCode()).isEqualTo(202);

      awaitMessage(api, id, "not enough free space");
      assertThat(api.task(id).getString("status")).isNotEqualTo("failure");
    }

    try (var server = TestingServer.start(directory, Map.of())) {
      var api = new TestingApi(server.port());
      api.await(id, "active");
      assertThat(api.download(id).body()).isEqualTo(DATA);
    }
  }

  @Test
  void fetchesAgainWhatIsGoneFromStaging() throws Exception {
    try (var source = TestingSource.start();
        var server =
            TestingServer.start(
                directory,
                Map.of(
                    "VITRINE_IMPORT__WEB_DOWNLOAD__ALLOWED_PORTS",
                    String.valueOf(source.port())))) {
      var api = new TestingApi(server.port());
      var fetches = new AtomicInteger();
      var aside = directory.resolve("aside");
      Files.move(server.store("local"), aside);
      var id = api.create();

      api.importFrom(
          id,
          source.serve(
              client -> {
                fetches.incrementAndGet();
                TestingSource.send(client, DATA, DATA.length);
              }));
      awaitMessage(api, id, "tried again");
      for (var staged : server.staged()) {
        Files.delete(staged);
      }
      Files.move(aside, server.store("local"));

      api.await(id, "active");
      assertThat(api.download(id).body()).isEqualTo(DATA);
      assertThat(fetches).hasValue(2);
    }
  }
}
