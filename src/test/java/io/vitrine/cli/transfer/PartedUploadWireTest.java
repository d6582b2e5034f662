package io.vitrine.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.HastyServers;
import io.vitrine.app.TestingServer;
import io.vitrine.cli.TestingCommand;
import io.vitrine.testing.TestingConditions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads of files in parts at once, through broken lines and the ends of client and server. */
class PartedUploadWireTest {
  private static final byte[] DATA = UploadWireTest.data((24 << 20) + 3);
  private static final long BREAK = 3 << 20;

  @RegisterExtension
  final HastyServers servers =
      new HastyServers(
          "VITRINE_NODE__NAME", "node",
          "VITRINE_LEASE__TTL", "2s",
          "VITRINE_SCRUB__ENABLED", "false",
          "VITRINE_ROLES", "http,store");

  @TempDir private Path directory = Path.of("");
  private Path file = Path.of("");

  @BeforeEach
  void prepare() throws Exception {
    file = Files.write(directory.resolve("disk.raw"), DATA);
  }

  private TestingCommand upload(String url, String... more) {
    var all = new ArrayList<>(List.of("upload", file.toString(), "--to", url, "--parts", "4"));
    all.addAll(List.of(more));
    return state().run(all.toArray(String[]::new));
  }

  private TestingState state() {
    return new TestingState(directory.resolve("state"));
  }

  private void assertUploaded(TestingServer server, TestingCommand command) throws Exception {
    assertThat(command.code()).as(command.text()).isZero();
    var api = new TestingApi(server.port());
    var id = command.text().strip();
    assertThat(api.image(id).getString("status")).isEqualTo("active");
    assertThat(Arrays.equals(api.download(id).body(), DATA)).isTrue();
    assertThat(state().directory()).isEmptyDirectory();
    awaitData(server, 1);
  }

  /** Files with data, of parts and images. */
  private static void awaitData(TestingServer server, int count) {
    TestingConditions.await(
        () ->
            server.blobs().stream()
                .filter(each -> each.getFileName().toString().matches("[0-9a-f-]{36}(\\.part)?"))
                .toList(),
        files -> files.size() == count);
  }

  @Test
  void goesOnAfterBrokenConnections() throws Exception {
    try (var server = servers.start();
        var line = new BadLine(server.port(), BREAK).breakNext(6)) {
      var command = upload(line.url());

      assertUploaded(server, command);
      assertThat(line.sent()).isLessThan(2L * DATA.length);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "4", "16"})
  void goesOnWhereAnEarlierCommandHasStopped(String laterParts) throws Exception {
    try (var server = servers.start();
        var line = new BadLine(server.port(), BREAK).breakNext(4)) {
      var stopped = upload(line.url(), "--patience", "0s");
      assertThat(stopped.code()).isEqualTo(1);
      assertThat(stopped.text()).contains("Given up");
      assertThat(state().upload().getJsonArray("uploads")).hasSize(4);
      // A request that is refused because the server is still at the last one sends in vain.
      state().awaitTheEndOfRequests(new TestingApi(server.port()));
      long before = line.sent();

      var command =
          state()
              .run(
                  "upload",
                  file.toString(),
                  "--to",
                  line.breakNext(0).url(),
                  "--parts",
                  laterParts);

      assertUploaded(server, command);
      assertThat(line.sent() - before).isLessThan(DATA.length - BREAK / 2);
    }
  }

  /** The server ends in the middle of the parts, or while it joins them. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void goesOnWithTheNextProcess(boolean isJoining) throws Exception {
    var first = servers.start();
    try (var line = new BadLine(first.port(), Long.MAX_VALUE)) {
      var command = new FutureTask<>(() -> upload(line.url()));
      Thread.startVirtualThread(command);
      var image =
          TestingConditions.await(
              () -> state().upload().getString("image", ""), found -> !found.isEmpty());
      TestingConditions.await(
          "much of the data", () -> line.sent() > DATA.length / (isJoining ? 1 : 2));
      if (isJoining) {
        var api = new TestingApi(first.port());
        TestingConditions.await(
            () -> api.image(image).getString("status"), status -> !status.equals("queued"));
      }
      first.close();
      try (var next = servers.start()) {
        line.lead(next.port());

        assertUploaded(next, command.get(60, TimeUnit.SECONDS));
      }
    } finally {
      first.close();
    }
  }

  /** The state of the image says nothing about parts, as they leave it alone. */
  @Test
  void beginsAnewWhenAPartHasEnded() throws Exception {
    try (var server = servers.start();
        var line = new BadLine(server.port(), BREAK).breakNext(4)) {
      var stopped = upload(line.url(), "--patience", "0s");
      assertThat(stopped.code()).isEqualTo(1);
      var left = state().upload();
      var api = new TestingApi(server.port());
      var part = "/vitrine/v1/uploads/" + left.getJsonArray("uploads").getString(2);
      assertThat(api.call("DELETE", part, "Tus-Resumable", "1.0.0").statusCode()).isEqualTo(204);

      var command = upload(line.breakNext(0).url());

      assertUploaded(server, command);
      assertThat(command.text().strip()).isEqualTo(left.getString("image"));
    }
  }

  @Test
  void takesThePartsOfRefusedDataAway() throws Exception {
    try (var server = servers.start()) {
      var command = upload("http://127.0.0.1:" + server.port(), "--disk-format", "qcow2");

      assertThat(command.code()).isEqualTo(1);
      assertThat(command.text()).contains("is refused");
      assertThat(state().directory()).isEmptyDirectory();
      awaitData(server, 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "17", "-1", "many"})
  void takesFewParts(String parts) {
    var command = upload("http://127.0.0.1:1", "--parts", parts);

    assertThat(command.code()).isEqualTo(2);
    assertThat(command.text()).contains("--parts");
  }
}
