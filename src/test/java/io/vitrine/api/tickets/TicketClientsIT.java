package io.vitrine.api.tickets;

import static io.vitrine.api.tickets.TestingTickets.asking;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import io.vitrine.testing.TestingQemuImg;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that know nothing of tokens. */
@ExtendWith(SharedServer.class)
class TicketClientsIT {
  private final TestingApi api;
  private final TestingTickets tickets;
  private final byte[] data = UploadWireTest.data(3 << 20);
  private @TempDir Path directory;
  private Path file;

  TicketClientsIT(TestingServer server) {
    api = new TestingApi(server.port());
    tickets = new TestingTickets(api, api);
    file = Path.of("");
  }

  @BeforeEach
  void writeFile() throws Exception {
    file = Files.write(directory.resolve("data"), data);
  }

  private record Output(int exit, String text) {}

  private Output run(String... command) throws Exception {
    var log = directory.resolve("log");
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(process.waitFor(60, SECONDS)).isTrue();
      return new Output(process.exitValue(), Files.readString(log));
    } finally {
      process.destroyForcibly();
    }
  }

  private void curl(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("curl", "--silent", "--show-error", "--fail"));
    command.addAll(Arrays.asList(arguments));
    var output = run(command.toArray(String[]::new));
    assertThat(output.exit()).as(output.text()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length", "Transfer-Encoding: chunked"})
  void takesDataOfCurl(String framing) throws Exception {
    var image = api.create();
    var url = tickets.make(image, "upload").getString("url");

    if (framing.contains("chunked")) {
      curl("-T", file.toString(), "-H", framing, url);
    } else {
      curl("-T", file.toString(), url);
    }

    assertThat(api.download(image).body()).isEqualTo(data);
  }

  @Test
  void resumesDownloadsOfCurl() throws Exception {
    var url = tickets.make(api.create(data), "download").getString("url");
    var target = Files.write(directory.resolve("target"), Arrays.copyOf(data, 1_000_000));

    curl("-C", "-", "-o", target.toString(), url);

    assertThat(Files.readAllBytes(target)).isEqualTo(data);
  }

  /** It asks for the size, and then for ranges as it needs them. */
  @Test
  @Tag("qemu")
  void letsQemuImgReadRanges() throws Exception {
    var disk = TestingQemuImg.sparseDisk(4 << 20);
    var qcow2 = directory.resolve("qcow2");
    TestingQemuImg.convert(Files.write(file, disk), "qcow2", qcow2);
    var image = api.create("qcow2");
    assertThat(api.upload(image, Files.readAllBytes(qcow2)).statusCode()).isEqualTo(204);
    var url = tickets.make(image, asking("download")).getString("url");
    var target = directory.resolve("disk");

    var output = run("qemu-img", "convert", "-f", "qcow2", "-O", "raw", url, target.toString());

    assumeFalse(
        output.text().contains("Unknown protocol"), "qemu-img reads HTTP with qemu-block-extra");
    assertThat(output.exit()).as(output.text()).isZero();
    assertThat(Files.readAllBytes(target)).isEqualTo(disk);
  }
}
