package io.vitrine.api.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.cli.TestingCommand;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Data that is no longer what was written: never served, with no digest of what is not there, and
 * served again once it is good. The server looks again at what it suspects; at what it trusts it
 * does not look in the time of a test.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamagedDataWireTest {
  private static final int SIZE = 300_000;
  private static final Map<String, String> DEDUP =
      Map.of("VITRINE_STORES__BACKENDS__SAVING__DEDUP", "true");

  private final Path directory;
  private final TestingServer server;
  private final TestingApi api;
  private int made;

  DamagedDataWireTest() throws Exception {
    directory = TestingServer.newDirectory();
    server =
        TestingServer.start(
            directory,
            Map.of(
                "VITRINE_STORES__BACKENDS__LOCAL__WEIGHT", "10",
                "VITRINE_STORES__BACKENDS__SAVING__DEDUP", "true",
                "VITRINE_LEASE__GC_INTERVAL", "1s",
                "VITRINE_CACHE__ENABLED", "true",
                "VITRINE_SCRUB__INTERVAL", "1d",
                "VITRINE_SCRUB__RECHECK_INTERVAL", "1s"));
    api = new TestingApi(server.port());
  }

  @AfterAll
  void close() throws IOException {
    server.close();
    TestingServer.remove(directory);
  }

  /** What may become of a file. */
  enum Fault {
    MISSING,
    CUT,
    LONGER,
    CHANGED;

    void strike(Path file) throws IOException {
      var data = Files.readAllBytes(file);
      switch (this) {
        case MISSING -> Files.delete(file);
        case CUT -> Files.write(file, Arrays.copyOf(data, data.length / 2));
        case LONGER -> Files.write(file, Arrays.copyOf(data, data.length + 1));
        case CHANGED -> {
          data[data.length / 3] ^= 1;
          Files.write(file, data);
        }
      }
    }

    int status() {
      return this == MISSING ? 204 : 409;
    }

    /** Of what is not there, there is no part. */
    int statusOfPart() {
      return this == MISSING ? 404 : 409;
    }
  }

  /** An image and the file that it lies in. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Stored(String id, Path file, byte[] data) {}

  private List<Path> files(String store) throws IOException {
    try (var tree = Files.walk(server.store(store))) {
      return tree.filter(Files::isRegularFile).toList();
    }
  }

  private Stored stored(String store) throws Exception {
    var data = UploadWireTest.data(SIZE);
    data[0] = (byte) ++made;
    var before = files(store);
    var id = api.create();
    assertThat(api.upload(id, data, "X-Image-Meta-Store", store).statusCode()).isEqualTo(204);
    var added = new ArrayList<>(files(store));
    added.removeAll(before);
    return new Stored(id, added.getFirst(), data);
  }

  private void copy(String id, String store) throws Exception {
    var request =
        new JsonObject()
            .put("method", new JsonObject().put("name", "copy-image"))
            .put("stores", new JsonArray(List.of(store)));
    assertThat(api.post("/v2/images/" + id + "/import", request).statusCode()).isEqualTo(202);
    api.await(id, image -> image.getString("stores").contains(store));
    api.await(id, image -> !image.containsKey("os_glance_import_task"));
  }

  /** Has the data read again, as the scrub does in its time. */
  private void scrub(String id) {
    var configuration = directory.resolve("vitrine.yaml").toString();
    var command = TestingCommand.run(DEDUP, "store", "check", "--digests", "--conf", configuration);
    assertThat(command.code()).as("%s: %s", id, command.text()).isEqualTo(1);
  }

  private HttpResponse<byte[]> part(String id) throws Exception {
    return api.download(id, "Range", "bytes=0-99");
  }

  private void assertThatNothingIsTold(HttpResponse<?> answer, int status) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("ETag")).isEmpty();
    assertThat(answer.headers().firstValue("Content-MD5")).isEmpty();
    assertThat(answer.headers().firstValue("Content-Range")).isEmpty();
    assertThat(answer.headers().firstValue("Accept-Ranges")).isEmpty();
  }

  private void assertThatItIsNotServed(String id, Fault fault) throws Exception {
    var path = "/v2/images/" + id + "/file";
    assertThatNothingIsTold(api.call("GET", path), fault.status());
    assertThatNothingIsTold(api.call("HEAD", path), fault.status());
    assertThatNothingIsTold(part(id), fault.statusOfPart());
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void isNotServedOnceItIsKnownAndComesBack(Fault fault) throws Exception {
    var image = stored("archive");
    fault.strike(image.file());
    scrub(image.id());

    assertThatItIsNotServed(image.id(), fault);
    assertThatNothingIsTold(
        api.call("GET", "/v2/images/" + image.id() + "/file", "If-None-Match", "*"),
        fault.status());

    Files.write(image.file(), image.data());
    TestingConditions.await(() -> api.download(image.id()).statusCode(), status -> status == 200);
    assertThat(api.download(image.id()).body()).isEqualTo(image.data());
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"MISSING", "CUT", "LONGER"})
  void isNotServedWhenAReadFindsIt(Fault fault) throws Exception {
    var image = stored("archive");
    fault.strike(image.file());

    assertThatNothingIsTold(part(image.id()), fault.statusOfPart());
    assertThatItIsNotServed(image.id(), fault);
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void isReadFromAnotherStore(Fault fault) throws Exception {
    var image = stored("local");
    copy(image.id(), "archive");
    fault.strike(image.file());
    if (fault == Fault.CHANGED) {
      scrub(image.id());
    }

    var part = part(image.id());
    var whole = api.download(image.id());

    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOf(image.data(), 100));
    assertThat(whole.body()).isEqualTo(image.data());
    assertThat(whole.headers().firstValue("ETag")).isPresent();
  }

  @Test
  void isDamagedForAllThatShareIt() throws Exception {
    var image = stored("saving");
    var twin = api.create();
    assertThat(api.upload(twin, image.data(), "X-Image-Meta-Store", "saving").statusCode())
        .isEqualTo(204);
    Fault.CHANGED.strike(image.file());
    scrub(twin);

    assertThatItIsNotServed(image.id(), Fault.CHANGED);
    assertThatItIsNotServed(twin, Fault.CHANGED);

    Files.write(image.file(), image.data());
    for (var id : List.of(image.id(), twin)) {
      TestingConditions.await(() -> api.download(id).statusCode(), status -> status == 200);
    }
  }

  @Test
  void comesFromTheCacheWhileThatHasIt() throws Exception {
    var image = stored("archive");
    api.download(image.id());
    TestingConditions.await(
        () -> api.call("GET", "/v2/cache").body(), body -> body.contains(image.id()));
    Fault.CHANGED.strike(image.file());
    scrub(image.id());

    assertThat(api.download(image.id()).body()).isEqualTo(image.data());
    assertThat(part(image.id()).statusCode()).isEqualTo(206);

    assertThat(api.call("DELETE", "/v2/cache/" + image.id()).statusCode()).isEqualTo(204);
    assertThatItIsNotServed(image.id(), Fault.CHANGED);
  }

  @Test
  void isSuspectedWhenTheCacheFindsItChanged() throws Exception {
    var image = stored("archive");
    Fault.CHANGED.strike(image.file());

    try {
      assertThat(api.download(image.id()).statusCode()).isEqualTo(409);
    } catch (IOException cut) {
      assertThat(cut).isNotNull();
    }

    TestingConditions.await(
        () -> api.call("HEAD", "/v2/images/" + image.id() + "/file").statusCode(),
        status -> status == 409);
  }
}
