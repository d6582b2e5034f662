package io.vitrine.api.uploads;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.RawConnection;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.HastyServers;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingConditions;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads whose requests reach two nodes with the same files. */
class TusNodesWireTest {
  private static final byte[] DATA = UploadWireTest.data(7 << 20);

  @RegisterExtension
  final HastyServers servers =
      new HastyServers("VITRINE_SCRUB__ENABLED", "false", "VITRINE_ROLES", "http,store");

  private TestingServer start(String node, boolean isShared) throws Exception {
    return servers.start(
        "VITRINE_NODE__NAME",
        node,
        "VITRINE_STORES__BACKENDS__LOCAL__SHARED",
        String.valueOf(isShared));
  }

  private static byte[] part(long from, long to) {
    return Arrays.copyOfRange(DATA, Math.toIntExact(from), Math.toIntExact(to));
  }

  @Test
  void goesOnAtEitherNode() throws Exception {
    try (var one = start("one", true);
        var other = start("other", true)) {
      var nodes = new TestingTus[] {new TestingTus(one.port()), new TestingTus(other.port())};
      var id = nodes[0].api.create();
      var upload = nodes[0].begin(id, DATA.length);

      int size = 700_000;
      for (int turn = 1, from = 0; from < DATA.length; turn++, from += size) {
        int to = Math.min(DATA.length, from + size);
        var answer = nodes[turn % 2].patch(upload, from, part(from, to));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        assertThat(nodes[(turn + 1) % 2].offset(upload)).isEqualTo(to);
      }

      assertThat(nodes[1].api.image(id).getString("status")).isEqualTo("active");
      assertThat(nodes[1].api.download(id).body()).isEqualTo(DATA);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void takesOverFromTheOtherNode(boolean isKilled) throws Exception {
    try (var other = start("other", true)) {
      var here = new TestingTus(other.port());
      var one = start("one", true);
      try (var silent = begin(one, here)) {
        var upload = silent.upload;
        long offset =
            TestingConditions.await(() -> here.offset(upload), arrived -> arrived >= 2 << 20);
        assertThat(here.patch(upload, offset, part(offset, DATA.length)).statusCode())
            .isEqualTo(423);
        if (isKilled) {
          one.close();
        }
        long last = here.offset(upload);
        var answer =
            TestingConditions.await(
                () -> here.patch(upload, last, part(last, DATA.length)),
                status -> status.statusCode() != 423);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        assertThat(here.api.download(silent.image).body()).isEqualTo(DATA);
      } finally {
        one.close();
      }
    }
  }

  /** Its data must not take the place of what a later turn has brought. */
  @Test
  void keepsALateTurnFromTheData() throws Exception {
    try (var one = start("one", true);
        var other = start("other", true);
        var late = Executors.newVirtualThreadPerTaskExecutor()) {
      var there = new TestingRufh(one.port());
      var here = new TestingRufh(other.port());
      var id = here.api.create();
      var upload = here.begin(id, "file", part(0, 1 << 20));

      Future<HttpResponse<String>> answer;
      try (var file = FileChannel.open(only(one.blobs()), StandardOpenOption.WRITE);
          var held = file.lock()) {
        answer = late.submit(() -> there.patch(upload, 1 << 20, part(1 << 20, 2 << 20), "?0"));
        TestingConditions.await(() -> isLeased(here, id), leased -> leased);
        assertThat(here.offset(upload)).isEqualTo(1 << 20);
        assertThat(held.isValid()).isTrue();
      }
      var next =
          TestingConditions.await(
              () -> here.patch(upload, 1 << 20, part(1 << 20, 3 << 20), "?0"),
              patched -> patched.statusCode() != 423);
      assertThat(next.statusCode()).as(next.body()).isEqualTo(204);

      assertThat(answer.get().statusCode()).as(answer.get().body()).isEqualTo(409);
      var last = here.patch(upload, 3 << 20, part(3 << 20, DATA.length), "?1");
      assertThat(last.statusCode()).as(last.body()).isEqualTo(204);
      here.assertHasData(id, "file", DATA);
    }
  }

  private static Path only(List<Path> files) {
    assertThat(files).hasSize(1);
    return files.getFirst();
  }

  private static boolean isLeased(TestingRufh client, String image) throws Exception {
    var listed = client.api.call("GET", "/vitrine/v1/images/" + image + "/uploads");
    return new JsonObject(listed.body())
        .getJsonArray("uploads")
        .getJsonObject(0)
        .getBoolean("sending");
  }

  private record Silent(String image, String upload, RawConnection connection)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      connection.close();
    }
  }

  /** An upload whose client has sent two and a half MiB to a node, and nothing since. */
  private static Silent begin(TestingServer server, TestingTus other) throws Exception {
    var there = new TestingTus(server.port());
    var id = other.api.create();
    var upload = there.begin(id, DATA.length);
    return new Silent(id, upload, there.open(upload, 0, DATA.length).send(part(0, 5 << 19)));
  }

  @Test
  void saysThatDataIsOnAnotherNode() throws Exception {
    try (var one = start("one", false);
        var other = start("other", false)) {
      var here = new TestingTus(one.port());
      var there = new TestingTus(other.port());
      var upload = here.begin(here.api.create(), DATA.length);
      assertThat(here.patch(upload, 0, part(0, 100)).statusCode()).isEqualTo(204);

      // Both have the same directories here, so the file has to go.
      one.blobs().stream().filter(file -> file.toString().endsWith(".part")).forEach(this::hide);
      var answer = there.patch(upload, 100, part(100, 200));

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).contains("This node does not have the data");
    }
  }

  private void hide(Path file) {
    assertThat(file.toFile().renameTo(servers.directory().resolve("hidden").toFile())).isTrue();
  }
}
