package io.vitrine.api.uploads;

import static io.vitrine.api.uploads.TestingTus.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.TestingServer;
import io.vitrine.catalog.TestingDatabase;
import io.vitrine.store.blob.BlobStore.Entry;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Uploads into a store whose requests reach two servers that share nothing else but the database.
 * The store may keep data in parts of 5 MiB.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TusStoreContract {
  static final int PART = 5 << 20;
  private static final byte[] DATA = UploadWireTest.data(2 * PART + 777_777);

  /** Contains all that the servers write to. */
  final Path directory;

  private TestingServer one;
  private TestingServer other;
  private TestingTus here;
  private TestingTus there;

  TusStoreContract() throws IOException {
    directory = TestingServer.newDirectory();
  }

  @BeforeAll
  void begin() throws Exception {
    one = start("one", Map.of());
    other = start("other", Map.of());
    here = new TestingTus(one.port());
    there = new TestingTus(other.port());
  }

  @AfterAll
  void close() throws IOException {
    one.close();
    other.close();
    closeStore();
    TestingServer.remove(directory);
  }

  private TestingServer start(String node, Map<String, String> more) throws Exception {
    var settings = new HashMap<>(more);
    settings.put("VITRINE_NODE__NAME", node);
    settings.put("VITRINE_DATABASE__URL", TestingDatabase.of(directory).toUrl());
    settings.put("VITRINE_LEASE__GC_INTERVAL", "1s");
    settings.put("VITRINE_UPLOADS__TAKEOVER", "1s");
    settings.put("VITRINE_SHUTDOWN__GRACE", "0s");
    settings.put("VITRINE_SCRUB__ENABLED", "false");
    settings.put("VITRINE_STORES__DEFAULT", "cloud");
    settings.put("VITRINE_STORES__BACKENDS__CLOUD__WEIGHT", "10");
    settings.putAll(settings("cloud", "VITRINE_STORES__BACKENDS__CLOUD__"));
    settings.putAll(settings("staging", "VITRINE_STORES__STAGING__"));
    return TestingServer.start(Files.createDirectories(directory.resolve(node)), settings);
  }

  /** The configuration of a store, by keys with a prefix. */
  abstract Map<String, String> settings(String store, String prefix) throws Exception;

  /** All that a store holds. */
  abstract List<Entry> kept(String store) throws IOException;

  /** Called once the servers have ended. */
  void closeStore() throws IOException {}

  private void assertHasData(String id) throws Exception {
    here.api.await(id, "active");
    there.api.assertHasData(id, DATA);
    assertThat(kept("cloud")).singleElement().matches(Entry::isCommitted);
    delete(id);
  }

  private void delete(String id) throws Exception {
    assertThat(here.api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);
    awaitNothingLeft();
  }

  private void awaitNothingLeft() {
    TestingConditions.await(() -> kept("cloud"), List::isEmpty);
    TestingConditions.await(() -> kept("staging"), List::isEmpty);
  }

  private static byte[] part(long from, long to) {
    return Arrays.copyOfRange(DATA, Math.toIntExact(from), Math.toIntExact(to));
  }

  private static void send(TestingTus tus, String upload, long from, long to) throws Exception {
    var answer = tus.patch(upload, from, part(from, to));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
  }

  /** Sends all in parts of a size, to the nodes in turn. */
  private void sendAll(String upload, int size, TestingTus... nodes) throws Exception {
    for (int turn = 0, from = 0; from < DATA.length; turn++, from += size) {
      int to = Math.min(DATA.length, from + size);
      send(nodes[turn % nodes.length], upload, from, to);
      assertThat(there.offset(upload)).isEqualTo(to);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1_300_000, PART, 2 * PART + 777_776, 2 * PART + 777_777})
  void goesOnAtEitherNode(int size) throws Exception {
    var id = here.api.create();

    sendAll(here.begin(id, DATA.length), size, here, there);

    assertHasData(id);
  }

  @Test
  void goesOnAtTheSameNode() throws Exception {
    var id = here.api.create();

    sendAll(here.begin(id, DATA.length), 3_000_000, here);

    assertHasData(id);
  }

  @Test
  void learnsTheLengthLater() throws Exception {
    var id = here.api.create();
    var upload = TestingTus.location(here.create(id, "Upload-Defer-Length", "1"));
    send(here, upload, 0, PART + 1);
    send(there, upload, PART + 1, 2 * PART);

    var answer =
        here.patch(
            upload,
            2 * PART,
            part(2 * PART, DATA.length),
            "Upload-Length",
            String.valueOf(DATA.length));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    assertHasData(id);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void takesOverFromAnotherNode(boolean isKilled) throws Exception {
    var id = here.api.create();
    var upload = here.begin(id, DATA.length);
    var lost = start("lost-" + isKilled, Map.of("VITRINE_ROLES", "http,store"));
    try (var silent = new TestingTus(lost.port()).open(upload, 0, DATA.length)) {
      silent.send(part(0, 2 * PART + 5));
      long offset =
          TestingConditions.await(() -> here.offset(upload), arrived -> arrived >= 2 * PART);
      assertThat(offset).isBetween(2L * PART, 2L * PART + 5);
      if (isKilled) {
        lost.close();
      }
      goOn(upload);
    } finally {
      lost.close();
    }
    assertHasData(id);
  }

  /** Sends the rest once the other request has lost its turn. */
  private void goOn(String upload) {
    TestingConditions.await(
        () -> {
          long offset = here.offset(upload);
          return here.patch(upload, offset, part(offset, DATA.length)).statusCode();
        },
        status -> status == 204);
  }

  /** By the draft, where the client says what is the last of the data. */
  @ParameterizedTest
  @ValueSource(strings = {"file", "stage"})
  void takesThePartsOfAPut(String kind) throws Exception {
    var id = here.api.create();
    var first = new TestingRufh(one.port());
    var second = new TestingRufh(other.port());

    var upload =
        first.begin(id, kind, part(0, 700_000), "Upload-Length", String.valueOf(DATA.length));
    var all = second.patch(upload, 700_000, part(700_000, DATA.length), "?0");
    assertThat(all.statusCode()).as(all.body()).isEqualTo(204);
    assertThat(first.offset(upload)).isEqualTo(DATA.length);
    var last = first.patch(upload, DATA.length, new byte[0], "?1");

    assertThat(last.statusCode()).as(last.body()).isEqualTo(204);
    if (kind.equals("stage")) {
      assertThat(here.api.importStaged(id).statusCode()).isEqualTo(202);
    }
    assertHasData(id);
  }

  @Test
  void forgetsAPartWithAnotherChecksum() throws Exception {
    var id = here.api.create();
    var upload = here.begin(id, DATA.length);
    send(here, upload, 0, PART + 10);

    var wrong =
        there.patch(
            upload,
            PART + 10,
            part(0, PART + 100),
            "Upload-Checksum",
            "md5 1B2M2Y8AsgTpgAmY7PhCfg==");
    assertThat(wrong.statusCode()).isEqualTo(460);
    assertThat(here.offset(upload)).isEqualTo(PART + 10);
    send(there, upload, PART + 10, DATA.length);

    assertHasData(id);
  }

  @Test
  void leavesNothingOfAnUploadThatEnds() throws Exception {
    var id = here.api.create();
    var upload = here.begin(id, DATA.length);
    send(here, upload, 0, PART + 10);
    assertThat(kept("cloud")).isNotEmpty().noneMatch(Entry::isCommitted);

    assertThat(there.end(upload).statusCode()).isEqualTo(204);

    awaitNothingLeft();
    assertThat(here.api.image(id).getString("status")).isEqualTo("queued");
    delete(id);
  }

  @Test
  void leavesNothingOfAnUploadThatExpires() throws Exception {
    try (var hasty =
        start("hasty", Map.of("VITRINE_UPLOADS__EXPIRY", "2s", "VITRINE_ROLES", "http,store"))) {
      var tus = new TestingTus(hasty.port());
      var id = tus.api.create();
      send(tus, tus.begin(id, DATA.length), 0, PART + 10);
      assertThat(kept("cloud")).isNotEmpty();

      TestingConditions.await(
          () -> tus.api.image(id).getString("status"), status -> status.equals("queued"));
    }
    awaitNothingLeft();
  }

  /** The inspection needs all the data, which only the store has. */
  @Test
  void refusesDataThatIsNotWhatItShouldBe() throws Exception {
    var id = here.api.create("qcow2");
    var upload = here.begin(id, DATA.length);
    send(here, upload, 0, PART + 10);

    var answer = there.patch(upload, PART + 10, part(PART + 10, DATA.length));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(415);
    awaitNothingLeft();
    assertThat(here.api.image(id).getString("status")).isEqualTo("queued");
    delete(id);
  }

  /** Parts of fewer bytes than a part in the store, of just one, and of more. */
  @ParameterizedTest
  @ValueSource(ints = {1_000_000, PART, PART + 1})
  void joinsPartsOfEitherNode(int first) throws Exception {
    var id = here.api.create();
    var parts =
        List.of(
            here.sendPart(id, part(0, first)),
            there.sendPart(id, part(first, first + 100)),
            here.begin(id, DATA.length - first - 100, "Upload-Concat", "partial"));
    int middle = 2 * PART + 777;
    patch(there, parts.getLast(), 0, part(first + 100, middle));
    patch(here, parts.getLast(), middle - first - 100, part(middle, DATA.length));

    var joined = there.join(id, parts);

    assertThat(joined.statusCode()).as(joined.body()).isEqualTo(201);
    TestingConditions.await(() -> kept("cloud"), objects -> objects.size() == 1);
    assertHasData(id);
  }

  private static void patch(TestingTus tus, String upload, long offset, byte[] data)
      throws Exception {
    var answer = tus.patch(upload, offset, data);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
  }

  /** The parts are whole objects after the first attempt. */
  @Test
  void joinsPartsAfterAFailure() throws Exception {
    var id =
        here.api.create(
            new JsonObject().put("disk_format", "qcow2").put("container_format", "bare"));
    var parts =
        List.of(
            here.sendPart(id, part(0, PART + 10)),
            there.sendPart(id, part(PART + 10, DATA.length)));
    assertThat(there.join(id, parts).statusCode()).isEqualTo(415);
    var format =
        new JsonObject().put("op", "replace").put("path", "/disk_format").put("value", "raw");
    var changed = here.api.patch(id, new JsonArray().add(format));
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);

    assertThat(here.join(id, parts).statusCode()).isEqualTo(201);

    TestingConditions.await(() -> kept("cloud"), objects -> objects.size() == 1);
    assertHasData(id);
  }

  @Test
  void leavesNothingOfPartsThatEnd() throws Exception {
    var id = here.api.create();
    var parts =
        List.of(
            here.sendPart(id, part(0, PART + 10)),
            there.sendPart(id, part(PART + 10, DATA.length)),
            here.begin(id, 10, "Upload-Concat", "partial"));

    for (var part : parts) {
      assertThat(there.end(part).statusCode()).isEqualTo(204);
    }

    awaitNothingLeft();
    delete(id);
  }

  @Test
  void stagesDataForAnImport() throws Exception {
    TestingApi api = here.api;
    var id = api.create();
    var upload = here.begin(id, DATA.length, "Upload-Metadata", metadata("kind", "stage"));

    sendAll(upload, 4_000_000, there, here);
    assertThat(kept("staging")).singleElement().matches(Entry::isCommitted);
    assertThat(api.importStaged(id).statusCode()).isEqualTo(202);

    assertHasData(id);
  }
}
