package io.vitrine.api.uploads;

import static io.vitrine.api.uploads.TestingTus.header;
import static io.vitrine.api.uploads.TestingTus.location;
import static io.vitrine.api.uploads.TestingTus.metadata;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads in parts that are joined. */
@ExtendWith(SharedServer.class)
class TusConcatWireTest {
  private static final int MIB = 1 << 20;
  private static final byte[] DATA = UploadWireTest.data(5 * MIB + 12_345);
  private static final byte[] NOTHING = {};

  private final TestingServer server;
  private final TestingTus tus;
  private final TestingApi api;
  private final Set<Path> before;

  TusConcatWireTest(TestingServer server) {
    this.server = server;
    this.tus = new TestingTus(server.port());
    this.api = tus.api;
    this.before = Set.copyOf(server.blobs());
  }

  private static byte[] part(int from, int to) {
    return Arrays.copyOfRange(DATA, from, to);
  }

  private void awaitFiles(int count) {
    TestingConditions.await(
        () -> server.blobs().stream().filter(blob -> !before.contains(blob)).toList(),
        left -> left.size() == count);
  }

  private List<String> sendParts(String id) throws Exception {
    return List.of(
        tus.sendPart(id, part(0, 2 * MIB)), tus.sendPart(id, part(2 * MIB, DATA.length)));
  }

  @Test
  void joinsPartsThatAreSentAtOnce() throws Exception {
    var id = api.create();
    var sending = new ArrayList<Callable<String>>();
    int size = DATA.length / 4 + 1;
    for (int from = 0; from < DATA.length; from += size) {
      var data = part(from, Math.min(DATA.length, from + size));
      sending.add(() -> tus.sendPart(id, data));
    }
    var parts = new ArrayList<String>();
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (var sent : threads.invokeAll(sending)) {
        parts.add(sent.get());
      }
    }

    assertThat(api.image(id).getString("status")).isEqualTo("queued");
    var joined = tus.join(id, parts);

    assertThat(joined.statusCode()).as(joined.body()).isEqualTo(201);
    api.assertHasData(id, DATA);
    assertThat(tus.offset(location(joined))).isEqualTo(DATA.length);
    awaitFiles(1);
  }

  @Test
  void joinsInTheOrderOfTheClient() throws Exception {
    var id = api.create();
    var last = tus.sendPart(id, part(3 * MIB, DATA.length));
    var first = tus.sendPart(id, part(0, 100));
    var empty = tus.sendPart(id, NOTHING);
    var middle = tus.sendPart(id, part(100, 3 * MIB));

    assertThat(tus.join(id, List.of(first, middle, empty, last)).statusCode()).isEqualTo(201);

    api.assertHasData(id, DATA);
    awaitFiles(1);
  }

  @Test
  void joinsEmptyParts() throws Exception {
    var id = api.create();

    assertThat(tus.join(id, List.of(tus.sendPart(id, NOTHING))).statusCode()).isEqualTo(201);

    assertThat(api.image(id).getLong("size")).isZero();
  }

  @Test
  void takesPartsInAnyWay() throws Exception {
    var id = api.create();
    var slow = tus.begin(id, 2 * MIB, "Upload-Concat", "partial");
    assertThat(tus.patch(slow, 0, part(0, MIB)).statusCode()).isEqualTo(204);
    assertThat(tus.patch(slow, MIB, part(MIB, 2 * MIB)).statusCode()).isEqualTo(204);
    var later = location(tus.create(id, "Upload-Defer-Length", "1", "Upload-Concat", "partial"));
    assertThat(tus.patch(later, 0, part(2 * MIB, 3 * MIB)).statusCode()).isEqualTo(204);
    assertThat(tus.join(id, List.of(slow, later)).statusCode()).isEqualTo(409);
    var length = tus.patch(later, MIB, NOTHING, "Upload-Length", String.valueOf(MIB));
    assertThat(length.statusCode()).as(length.body()).isEqualTo(204);
    var rest = part(3 * MIB, DATA.length);
    var checksum =
        "sha256 "
            + Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(rest));
    var path = "/vitrine/v1/images/" + id + "/uploads";
    var whole =
        tus.send(
            "POST",
            path,
            rest,
            "Upload-Length",
            String.valueOf(rest.length),
            "Upload-Concat",
            "partial",
            "Upload-Checksum",
            checksum,
            "Content-Type",
            TestingTus.PART);
    assertThat(header(whole, "Upload-Offset")).isEqualTo(String.valueOf(rest.length));

    var joined = tus.join(id, List.of("http://front.example/image" + slow, later, location(whole)));

    assertThat(joined.statusCode()).as(joined.body()).isEqualTo(201);
    api.assertHasData(id, DATA);
  }

  @Test
  void tellsWhatAreParts() throws Exception {
    var id = api.create();
    var part = tus.sendPart(id, DATA, "Upload-Metadata", metadata("a", "b"));
    var shown = tus.head(part);
    assertThat(header(shown, "Upload-Concat")).isEqualTo("partial");
    assertThat(header(shown, "Upload-Offset")).isEqualTo(String.valueOf(DATA.length));
    assertThat(header(shown, "Upload-Length")).isEqualTo(String.valueOf(DATA.length));

    var joined = tus.join(id, List.of(part), "Upload-Metadata", metadata("c", "d"));
    var whole = tus.head(location(joined));

    assertThat(header(whole, "Upload-Concat")).isEqualTo("final;" + part);
    assertThat(header(whole, "Upload-Metadata")).isEqualTo(metadata("c", "d"));
    assertThat(header(whole, "Upload-Length")).isEqualTo(String.valueOf(DATA.length));
    assertThat(tus.patch(location(joined), DATA.length, NOTHING).statusCode()).isEqualTo(403);
    assertThat(tus.patch(location(joined), 0, part(0, 1)).statusCode()).isEqualTo(403);
    api.assertHasData(id, DATA);
  }

  /** The answer may get lost. */
  @Test
  void answersARepeatedRequestToJoin() throws Exception {
    var id = api.create();
    var parts = sendParts(id);
    var joined = location(tus.join(id, parts));

    assertThat(location(tus.join(id, parts))).isEqualTo(joined);
    assertThat(tus.offset(parts.getFirst())).isEqualTo(2 * MIB);
    assertThat(header(tus.head(parts.getFirst()), "Upload-Length")).isEqualTo("" + 2 * MIB);
    assertThat(tus.patch(parts.getFirst(), 2 * MIB, NOTHING).statusCode()).isEqualTo(404);
    assertThat(tus.join(id, parts.reversed()).statusCode()).isIn(400, 409);
    assertThat(tus.end(joined).statusCode()).isEqualTo(204);
    api.assertHasData(id, DATA);
  }

  @Test
  void stagesPartsForAnImport() throws Exception {
    var id = api.create();

    var joined = tus.join(id, sendParts(id), "Upload-Metadata", metadata("kind", "stage"));

    assertThat(joined.statusCode()).as(joined.body()).isEqualTo(201);
    assertThat(api.image(id).getString("status")).isEqualTo("uploading");
    assertThat(api.importStaged(id).statusCode()).isEqualTo(202);
    api.await(id, "active");
    api.assertHasData(id, DATA);
    awaitFiles(1);
  }

  @Test
  void joinsNoPartOfAnother() throws Exception {
    var id = api.create();
    var own = tus.sendPart(id, part(0, MIB));
    var foreign = tus.sendPart(api.create(), part(MIB, 2 * MIB));
    var whole = tus.begin(api.create(), 10);
    var unknown = "/vitrine/v1/uploads/" + new UUID(0, 0);

    for (var other : List.of(foreign, whole, unknown, own, "x")) {
      var answer = tus.join(id, List.of(own, other));
      assertThat(answer.statusCode()).as(other + answer.body()).isEqualTo(400);
    }

    assertThat(api.image(id).getString("status")).isEqualTo("queued");
    assertThat(tus.offset(own)).isEqualTo(MIB);
    assertThat(tus.end(own).statusCode()).isEqualTo(204);
    assertThat(tus.end(foreign).statusCode()).isEqualTo(204);
  }

  @Test
  void joinsNoPartThatIsIncomplete() throws Exception {
    var id = api.create();
    var complete = tus.sendPart(id, part(0, MIB));
    var incomplete = tus.begin(id, 10, "Upload-Concat", "partial");
    assertThat(tus.patch(incomplete, 0, part(0, 9)).statusCode()).isEqualTo(204);

    assertThat(tus.join(id, List.of(complete, incomplete)).statusCode()).isEqualTo(409);

    assertThat(tus.patch(incomplete, 9, part(0, 2)).statusCode()).isEqualTo(413);
    assertThat(tus.patch(incomplete, 9, part(0, 1)).statusCode()).isEqualTo(204);
    assertThat(tus.patch(incomplete, 10, NOTHING).statusCode()).isEqualTo(409);
    assertThat(tus.join(id, List.of(complete, incomplete)).statusCode()).isEqualTo(201);
  }

  @Test
  void takesNoMoreThanThePartHas() throws Exception {
    var part = tus.begin(api.create(), 1000, "Upload-Concat", "partial");

    try (var connection = tus.openChunked(part, 0)) {
      connection.chunk(part(0, 600)).chunk(part(600, 1200)).chunk(NOTHING);
      assertThat(connection.read().status()).isEqualTo(413);
    }

    TestingConditions.await(
        () -> tus.patch(part, tus.offset(part), NOTHING).statusCode(), status -> status == 204);
    assertThat(tus.offset(part)).isLessThanOrEqualTo(1000);
    assertThat(tus.end(part).statusCode()).isEqualTo(204);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Upload-Length", "Upload-Defer-Length"})
  void takesNoLengthWithTheRequestToJoin(String name) throws Exception {
    var id = api.create();
    var part = tus.sendPart(id, DATA);

    assertThat(tus.join(id, List.of(part), name, "1").statusCode()).isEqualTo(400);
    assertThat(
            tus.send(
                    "POST",
                    "/vitrine/v1/images/" + id + "/uploads",
                    DATA,
                    "Upload-Concat",
                    "final;" + part,
                    "Content-Type",
                    TestingTus.PART)
                .statusCode())
        .isEqualTo(400);
    assertThat(tus.end(part).statusCode()).isEqualTo(204);
  }

  @Test
  void endsPartsThatAreNotWanted() throws Exception {
    var id = api.create();
    var parts = sendParts(id);
    var uploading = tus.begin(id, 1000);
    assertThat(tus.patch(uploading, 0, part(0, 500)).statusCode()).isEqualTo(204);

    for (var part : parts) {
      assertThat(tus.end(part).statusCode()).isEqualTo(204);
      assertThat(tus.head(part).statusCode()).isEqualTo(404);
    }

    assertThat(api.image(id).getString("status")).isEqualTo("saving");
    assertThat(tus.patch(uploading, 500, part(500, 1000)).statusCode()).isEqualTo(204);
    assertThat(api.image(id).getString("status")).isEqualTo("active");
    awaitFiles(1);
  }

  @Test
  void endsPartsWithTheirImage() throws Exception {
    var id = api.create();
    var parts = sendParts(id);

    assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);

    assertThat(tus.head(parts.getFirst()).statusCode()).isEqualTo(404);
    awaitFiles(0);
  }

  @Test
  void keepsPartsOfDataThatIsRefused() throws Exception {
    var id =
        api.create(new JsonObject().put("disk_format", "qcow2").put("container_format", "bare"));
    var parts = sendParts(id);

    var refused = tus.join(id, parts);

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(415);
    assertThat(api.image(id).getString("status")).isEqualTo("queued");
    assertThat(tus.offset(parts.getFirst())).isEqualTo(2 * MIB);
    awaitFiles(2);
    for (var part : parts) {
      assertThat(tus.end(part).statusCode()).isEqualTo(204);
    }
    awaitFiles(0);
  }

  @Test
  void takesNoPartsForAnImageThatHasData() throws Exception {
    var id = api.create();
    var part = tus.sendPart(id, DATA);
    assertThat(api.upload(id, part(0, 10)).statusCode()).isEqualTo(204);

    assertThat(tus.create(id, "Upload-Length", "9", "Upload-Concat", "partial").statusCode())
        .isEqualTo(409);
    assertThat(tus.join(id, List.of(part)).statusCode()).isIn(400, 409);

    assertThat(api.download(id).body()).isEqualTo(part(0, 10));
    assertThat(tus.end(part).statusCode()).isIn(204, 404);
    assertThat(api.image(id).getString("status")).isEqualTo("active");
    awaitFiles(1);
  }

  @Test
  void takesOnlySoManyParts() throws Exception {
    var id = api.create();
    for (int i = 0; i < 64; i++) {
      tus.begin(id, 1, "Upload-Concat", "partial");
    }

    assertThat(tus.create(id, "Upload-Length", "1", "Upload-Concat", "partial").statusCode())
        .isEqualTo(409);

    assertThat(api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);
    awaitFiles(0);
  }
}
