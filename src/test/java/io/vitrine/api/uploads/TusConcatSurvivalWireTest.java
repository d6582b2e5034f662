package io.vitrine.api.uploads;

import static io.vitrine.api.uploads.TestingTus.location;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.RawConnection;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.HastyServers;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts through restarts and cut connections, at two nodes, and those that expire. */
class TusConcatSurvivalWireTest {
  private static final int MIB = 1 << 20;
  private static final int PART = 5 * MIB + 7;
  private static final byte[] DATA = UploadWireTest.data(4 * PART - 1000);

  @RegisterExtension
  final HastyServers servers =
      new HastyServers("VITRINE_LEASE__TTL", "2s", "VITRINE_SCRUB__ENABLED", "false");

  private static byte[] part(int number) {
    return Arrays.copyOfRange(DATA, number * PART, Math.min(DATA.length, (number + 1) * PART));
  }

  private static List<String> sendParts(String id, TestingTus... nodes) throws Exception {
    var parts = new ArrayList<String>();
    for (int i = 0; i < 4; i++) {
      parts.add(nodes[i % nodes.length].sendPart(id, part(i)));
    }
    return parts;
  }

  /** Files with data, of parts and images. */
  private static List<Path> data(TestingServer server) {
    return server.blobs().stream()
        .filter(file -> file.getFileName().toString().matches("[0-9a-f-]{36}(\\.part)?"))
        .toList();
  }

  private static String awaitJoined(TestingTus tus, String id, List<String> parts) {
    return location(
        TestingConditions.await(() -> tus.join(id, parts), answer -> answer.statusCode() == 201));
  }

  @Test
  void joinsPartsThatWereSentBeforeARestart() throws Exception {
    var id = "";
    var parts = List.<String>of();
    try (var server = servers.start()) {
      var tus = new TestingTus(server.port());
      id = tus.api.create();
      parts = sendParts(id, tus);
    }

    try (var server = servers.start()) {
      var tus = new TestingTus(server.port());
      assertThat(tus.offset(parts.getLast())).isEqualTo(part(3).length);

      assertThat(tus.join(id, parts).statusCode()).isEqualTo(201);

      tus.api.assertHasData(id, DATA);
      TestingConditions.await(() -> data(server), files -> files.size() == 1);
    }
  }

  /** Whatever it was doing when it ended, the parts can be joined at the next attempt. */
  @Test
  void joinsPartsOfAServerThatEndsMeanwhile() throws Exception {
    var id = "";
    var parts = List.<String>of();
    try (var server = servers.start()) {
      var tus = new TestingTus(server.port());
      id = tus.api.create();
      parts = sendParts(id, tus);
      requestToJoin(server, id, parts);
      var image = id;
      TestingConditions.await(
          () -> tus.api.image(image).getString("status"), status -> !status.equals("queued"));
    }

    try (var server = servers.start()) {
      var tus = new TestingTus(server.port());
      var joined = awaitJoined(tus, id, parts);

      tus.api.assertHasData(id, DATA);
      assertThat(location(tus.join(id, parts))).isEqualTo(joined);
      TestingConditions.await(() -> data(server), files -> files.size() == 1);
    }
  }

  private static RawConnection requestToJoin(TestingServer server, String id, List<String> parts)
      throws Exception {
    return new RawConnection(server.port())
        .send(
            """
            POST /vitrine/v1/images/%s/uploads HTTP/1.1
            Host: test
            Tus-Resumable: 1.0.0
            Upload-Concat: final;%s

            """
                .formatted(id, String.join(" ", parts))
                .replace("\n", "\r\n"));
  }

  @Test
  void joinsForAClientThatHasGone() throws Exception {
    try (var server = servers.start()) {
      var tus = new TestingTus(server.port());
      var id = tus.api.create();
      var parts = sendParts(id, tus);

      var connection = requestToJoin(server, id, parts);
      TestingConditions.await(
          () -> tus.api.image(id).getString("status"), status -> !status.equals("queued"));
      connection.cut();

      tus.api.await(id, "active");
      tus.api.assertHasData(id, DATA);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "true"})
  void joinsPartsOfTwoNodes(String thin) throws Exception {
    var settings =
        List.of(
            "VITRINE_STORES__BACKENDS__LOCAL__SHARED",
            "true",
            "VITRINE_STORES__BACKENDS__LOCAL__THIN_PROVISIONING",
            thin,
            "VITRINE_ROLES",
            "http,store",
            "VITRINE_NODE__NAME");
    try (var one = servers.start(with(settings, "one"));
        var other = servers.start(with(settings, "other"))) {
      var here = new TestingTus(one.port());
      var there = new TestingTus(other.port());
      var id = here.api.create();
      var parts = sendParts(id, here, there);

      assertThat(there.join(id, parts).statusCode()).isEqualTo(201);

      here.api.assertHasData(id, DATA);
    }
  }

  private static String[] with(List<String> settings, String last) {
    var all = new ArrayList<>(settings);
    all.add(last);
    return all.toArray(String[]::new);
  }

  @Test
  void givesUpPartsThatNobodyJoins() throws Exception {
    try (var server = servers.start("VITRINE_UPLOADS__EXPIRY", "2s")) {
      var tus = new TestingTus(server.port());
      var id = tus.api.create();
      var parts = sendParts(id, tus);

      TestingConditions.await(() -> data(server), List::isEmpty);

      assertThat(tus.head(parts.getFirst()).statusCode()).isEqualTo(404);
      assertThat(tus.join(id, parts).statusCode()).isIn(400, 410);
      assertThat(tus.api.image(id).getString("status")).isEqualTo("queued");
      assertThat(tus.api.upload(id, DATA).statusCode()).isEqualTo(204);
    }
  }

  @Test
  void leavesOtherUploadsAloneWhenPartsExpire() throws Exception {
    try (var server = servers.start("VITRINE_UPLOADS__EXPIRY", "3s")) {
      var tus = new TestingTus(server.port());
      var id = tus.api.create();
      tus.sendPart(id, part(0));
      var upload = tus.begin(id, DATA.length);

      TestingConditions.await(
          () -> {
            assertThat(tus.patch(upload, 0, new byte[0]).statusCode()).isEqualTo(204);
            return data(server);
          },
          files -> files.size() == 1);

      assertThat(tus.api.image(id).getString("status")).isEqualTo("saving");
      assertThat(tus.patch(upload, 0, DATA).statusCode()).isEqualTo(204);
      tus.api.assertHasData(id, DATA);
    }
  }

  /** The quota has room for the data once, and little more. */
  @Test
  void reservesTheQuotaOnce() throws Exception {
    try (var server =
        servers.start("VITRINE_QUOTA__SOURCE", "local", "VITRINE_QUOTA__IMAGE_SIZE_TOTAL", "21")) {
      var tus = new TestingTus(server.port());
      var id = tus.api.create();
      var parts = sendParts(id, tus);

      var more = tus.create(id, "Upload-Length", "3000000", "Upload-Concat", "partial");
      assertThat(more.statusCode()).as(more.body()).isEqualTo(413);
      var joined = tus.join(id, parts);

      assertThat(joined.statusCode()).as(joined.body()).isEqualTo(201);
      tus.api.assertHasData(id, DATA);
      assertThat(tus.create(tus.api.create(), "Upload-Length", "3000000").statusCode())
          .isEqualTo(413);
      assertThat(tus.api.call("DELETE", "/v2/images/" + id).statusCode()).isEqualTo(204);
      assertThat(tus.create(tus.api.create(), "Upload-Length", "3000000").statusCode())
          .isEqualTo(201);
    }
  }
}
