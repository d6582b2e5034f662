package io.vitrine.api.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.api.RawConnection;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.cli.TestingCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The commands that look after stores, beside a server; some as processes of their own. */
class StoreCommandsIT {
  private static final byte[] DATA = UploadWireTest.data(300_000);

  private final Path directory;
  private final TestingServer server;
  private final TestingApi api;

  StoreCommandsIT() throws Exception {
    directory = TestingServer.newDirectory();
    server =
        TestingServer.start(
            directory,
            Map.of("VITRINE_SCRUB__ENABLED", "false", "VITRINE_LEASE__GC_INTERVAL", "1h"));
    api = new TestingApi(server.port());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    TestingServer.remove(directory);
  }

  /** What a command printed and how it ended. */
  private record Answer(int code, String text) {
    JsonObject report() {
      return new JsonObject(text.substring(text.indexOf("{\n")));
    }

    List<String> findings() {
      return report().getJsonArray("findings").stream()
          .map(JsonObject.class::cast)
          .map(each -> each.getString("kind") + " " + each.getString("outcome"))
          .sorted()
          .toList();
    }
  }

  /** The arguments of a command, for the configuration of the server. */
  private List<String> command(String... arguments) {
    var command = new ArrayList<>(List.of("store"));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--json", "--conf", directory.resolve("vitrine.yaml").toString()));
    return command;
  }

  private Answer store(String... arguments) {
    var command = TestingCommand.run(Map.of(), command(arguments).toArray(String[]::new));
    return new Answer(command.code(), command.text());
  }

  /** The same as a process, which takes seconds to start. */
  private Answer process(String... arguments) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.vitrine.app.Main"));
    command.addAll(command(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var text = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Answer(process.waitFor(), text);
  }

  private List<Path> files(String store) throws IOException {
    try (var tree = Files.walk(server.store(store))) {
      return tree.filter(Files::isRegularFile).toList();
    }
  }

  private String copied() throws Exception {
    var id = api.create(DATA);
    var request =
        new JsonObject()
            .put("method", new JsonObject().put("name", "copy-image"))
            .put("stores", new JsonArray(List.of("archive")));
    assertThat(api.post("/v2/images/" + id + "/import", request).statusCode()).isEqualTo(202);
    api.await(id, image -> image.getString("stores").equals("local,archive"));
    api.await(id, image -> !image.containsKey("os_glance_import_task"));
    return id;
  }

  private static Path ofNobody(Path store) throws IOException {
    var id = UUID.randomUUID().toString();
    return Files.createDirectories(store.resolve(id.substring(0, 2))).resolve(id);
  }

  private static void makeOld(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(7 * 86400)));
  }

  @Test
  void findsNothingWhereAllIsWell() throws Exception {
    copied();

    var check = process("check", "--digests");
    var collection = store("gc", "--dry-run");

    assertThat(check.code()).isZero();
    assertThat(check.report().getJsonObject("stores").getJsonObject("archive"))
        .isEqualTo(new JsonObject().put("blobs", 1).put("bytes", DATA.length).put("elsewhere", 0));
    assertThat(collection.code()).isZero();
  }

  @Test
  void repairsWhatIsBadFromAGoodCopy() throws Exception {
    var damaged = copied();
    var file = files("local").getFirst();
    var missing = copied();
    var lost = files("local").stream().filter(each -> !each.equals(file)).findFirst().orElseThrow();
    var bytes = DATA.clone();
    bytes[1] ^= 1;
    Files.write(file, bytes);
    Files.delete(lost);

    var glance = store("check");
    var check = store("check", "--store", "local", "--digests");
    var repair = store("check", "--digests", "--repair");
    var after = store("check", "--digests");

    assertThat(glance.code()).isEqualTo(1);
    assertThat(glance.findings()).containsExactly("missing found");
    assertThat(check.code()).isEqualTo(1);
    assertThat(check.findings()).containsExactly("damaged found", "missing found");
    assertThat(repair.code()).isZero();
    assertThat(repair.findings()).containsExactly("damaged repaired", "missing repaired");
    assertThat(after.code()).isZero();
    for (var id : List.of(damaged, missing)) {
      assertThat(api.image(id).getString("stores")).isEqualTo("local,archive");
      assertThat(Arrays.equals(api.downloadFrom(id, "local"), DATA)).isTrue();
    }
    assertThat(store("gc").findings()).containsExactly("unwanted removed", "unwanted removed");
    assertThat(files("local")).hasSize(2);
  }

  @Test
  void saysWhatHasNoGoodCopy() throws Exception {
    api.create(DATA);
    Files.delete(files("local").getFirst());

    var repair = store("check", "--repair");

    assertThat(repair.code()).isEqualTo(1);
    assertThat(repair.findings()).containsExactly("missing no good copy");
  }

  @Test
  void removesWhatNobodyKnowsOnlyWhenItIsTold() throws Exception {
    api.create(DATA);
    var orphan = ofNobody(server.store("local"));
    var fresh = Path.of(ofNobody(server.store("local")) + ".part");
    var foreign = orphan.resolveSibling("notes.txt");
    Files.write(orphan, DATA);
    Files.write(fresh, DATA);
    Files.write(foreign, DATA);
    makeOld(orphan);
    makeOld(foreign);
    var known = files("local");

    var check = store("check");
    var dry = store("gc", "--dry-run");

    assertThat(check.code()).isEqualTo(1);
    assertThat(check.findings()).containsExactly("orphan found");
    assertThat(dry.code()).isEqualTo(1);
    assertThat(dry.findings()).containsExactly("orphan found");
    assertThat(files("local")).isEqualTo(known);

    var collection = store("gc");

    assertThat(collection.code()).isZero();
    assertThat(collection.findings()).containsExactly("orphan removed");
    assertThat(files("local")).hasSize(known.size() - 1).doesNotContain(orphan);
  }

  @Test
  void leavesAloneWhatIsBeingWritten() throws Exception {
    var id = api.create();
    try (var connection = new RawConnection(server.port())) {
      connection.send(
          "PUT /v2/images/%s/file HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\nContent-Type: application/octet-stream\r\n\r\n"
              .formatted(id));
      connection.send("x".repeat(500_000));
      api.await(id, "saving");
      for (var part : server.blobs()) {
        makeOld(part);
      }

      assertThat(store("check", "--digests").code()).isZero();
      assertThat(store("gc").code()).isZero();

      connection.send("x".repeat(500_000));
      api.await(id, "active");
    }
  }

  @Test
  void failsWhenAStoreCannotBeLookedAt() throws Exception {
    TestingServer.remove(server.store("archive")); // with its mark
    Files.createFile(server.store("archive"));

    assertThat(process("check").code()).isEqualTo(2);
    assertThat(store("check", "--store", "moon").code()).isEqualTo(2);
  }
}
