package io.vitrine.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import io.vitrine.cli.TestingCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The commands upload and download against a server. */
@ExtendWith(SharedServer.class)
class TransferWireTest {
  private static final byte[] DATA = UploadWireTest.data(24 << 20);
  private static final long BREAK = 6 << 20;

  private final TestingServer server;
  private final TestingApi api;

  @TempDir private Path directory = Path.of("");
  private Path file = Path.of("");

  TransferWireTest(TestingServer server) {
    this.server = server;
    this.api = new TestingApi(server.port());
  }

  @BeforeEach
  void write() throws Exception {
    file = Files.write(directory.resolve("disk.raw"), DATA);
  }

  private TestingState state() {
    return new TestingState(directory.resolve("state"));
  }

  private TestingCommand run(String... arguments) {
    return state().run(arguments);
  }

  private String url() {
    return "http://127.0.0.1:" + server.port();
  }

  private void assertUploaded(TestingCommand command, String name) throws Exception {
    assertThat(command.code()).as(command.text()).isZero();
    var id = command.text().strip();
    var image = api.image(id);
    assertThat(image.getString("name")).isEqualTo(name);
    assertThat(image.getString("status")).isEqualTo("active");
    assertThat(api.download(id).body()).isEqualTo(DATA);
    assertThat(state().directory()).isEmptyDirectory();
  }

  @Test
  void uploadsAndDownloadsAFile() throws Exception {
    var uploaded =
        run(
            "upload",
            file.toString(),
            "--to",
            url(),
            "--name",
            "cli",
            "--property",
            "os_type=linux");
    var copy = directory.resolve("copy.raw");
    var downloaded =
        run("download", uploaded.text().strip(), "--from", url() + "/v2/", copy.toString());

    assertUploaded(uploaded, "cli");
    assertThat(api.image(uploaded.text().strip()).getString("os_type")).isEqualTo("linux");
    assertThat(downloaded.code()).as(downloaded.text()).isZero();
    assertThat(copy).hasBinaryContent(DATA);
    assertThat(run("download", "cli", "--from", url(), copy.toString()).text())
        .contains("exists; --force replaces it");
    assertThat(run("download", "cli", "--from", url(), copy.toString(), "--force").code()).isZero();
  }

  @Test
  void goesOnAfterBrokenConnections() throws Exception {
    try (var line = new BadLine(server.port(), BREAK).breakNext(2)) {
      var command = run("upload", file.toString(), "--to", line.url(), "--name", "broken");

      assertUploaded(command, "broken");
      assertThat(line.sent()).isLessThan(2L * DATA.length);
    }
  }

  @Test
  void goesOnWhereAnEarlierCommandHasStopped() throws Exception {
    try (var line = new BadLine(server.port(), BREAK).breakNext(1)) {
      var arguments =
          new String[] {"upload", file.toString(), "--to", line.url(), "--patience", "0s"};
      var stopped = run(arguments);
      state().awaitTheEndOfRequests(api);
      long before = line.sent();
      var command = run(arguments);

      assertThat(stopped.code()).isEqualTo(1);
      assertThat(stopped.text()).contains("Given up");
      assertUploaded(command, "disk.raw");
      assertThat(line.sent() - before).isLessThan(DATA.length - BREAK / 2);
    }
  }

  @Test
  void goesOnWithADownload() throws Exception {
    var id = api.create(DATA);
    var copy = directory.resolve("copy.raw");
    var part = directory.resolve("copy.raw." + id + ".part");
    Files.write(part, Arrays.copyOf(DATA, 5_000_000));
    try (var line = new BadLine(server.port(), BREAK).breakNext(2)) {
      var command = run("download", id, "--from", line.url(), copy.toString());

      assertThat(command.code()).as(command.text()).isZero();
      assertThat(copy).hasBinaryContent(DATA);
      assertThat(part).doesNotExist();
    }
  }

  @Test
  void refusesWhatIsNotTheImage() throws Exception {
    var id = api.create(DATA);
    var copy = directory.resolve("copy.raw");
    var part = directory.resolve("copy.raw." + id + ".part");
    Files.write(part, new byte[5_000_000]);

    var command = run("download", id, "--from", url(), copy.toString());

    assertThat(command.code()).isEqualTo(1);
    assertThat(command.text()).contains("sha512 digests are not equal");
    assertThat(copy).doesNotExist();
    assertThat(part).doesNotExist();
  }

  @Test
  void takesTheServiceByTheOptionOfTheCommandOnly() {
    var target = directory.resolve("target").toString();

    for (var refused :
        List.of(
            run("upload", file.toString(), "--from", url()),
            run("download", "cli", "--to", url(), target))) {
      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.text()).contains("Unknown option");
    }
    assertThat(run("upload", "--help").text()).contains("--to=URL").doesNotContain("--from");
    assertThat(run("download", "--help").text()).contains("--from=URL").doesNotContain("--to");
  }

  @Test
  void saysWhyItCannotGoOn() throws Exception {
    var absent = "00000000-0000-0000-0000-000000000000";
    var empty = Files.createFile(directory.resolve("empty"));
    var target = directory.resolve("target").toString();

    assertThat(run("upload", file.toString()).text()).contains("Say where the image service is");
    assertThat(run("upload", empty.toString(), "--to", url()).text()).contains("is empty");
    assertThat(run("upload", file.toString(), "--to", "ftp://x").text()).contains("cannot be used");
    assertThat(run("download", absent, "--from", url(), target).text()).contains("404");
    assertThat(run("download", "nothing has this name", "--from", url(), target).text())
        .contains("No active image");
    var refused =
        run("upload", file.toString(), "--to", url(), "--name", "no", "--disk-format", "qcow2");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.text()).contains("is refused");
    var listed = new JsonObject(api.call("GET", "/v2/images?name=no&status=active").body());
    assertThat(listed.getJsonArray("images")).isEmpty();
  }
}
