package io.vitrine.api.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.importer.TestingImages;
import io.vitrine.testing.TestingConditions;
import io.vitrine.testing.TestingQemuImg;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Imports of the images that qemu-img makes, converted by each engine. */
@Tag("qemu")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QemuImportsIT {
  private final Map<String, TestingServer> servers = new HashMap<>();
  private final Path home;

  @TempDir private Path directory = Path.of("");

  QemuImportsIT() throws Exception {
    home = TestingServer.newDirectory();
  }

  @AfterAll
  void stop() throws Exception {
    for (var server : servers.values()) {
      server.close();
    }
    TestingServer.remove(home);
  }

  private TestingServer server(String engine) throws Exception {
    var server = servers.get(engine);
    if (server == null) {
      server =
          TestingServer.start(
              Files.createDirectory(home.resolve(engine)),
              Map.of("VITRINE_IMPORT__CONVERSION__ENGINE", engine));
      servers.put(engine, server);
    }
    return server;
  }

  @ParameterizedTest
  @CsvSource({
    "builtin,  qcow2, qcow2",
    "builtin,  qcow2, qcow2 -c",
    "builtin,  qcow2, qcow2 -c -o compression_type=zstd",
    "builtin,  vmdk,  vmdk -o subformat=monolithicSparse",
    "builtin,  vmdk,  vmdk -o subformat=streamOptimized",
    "builtin,  vdi,   vdi",
    "builtin,  vhd,   vpc -o force_size=on",
    "builtin,  vhdx,  vhdx",
    "qemu-img, qcow2, qcow2",
    "qemu-img, vhd,   vpc -o force_size=on"
  })
  void convertsToTheSameDisk(String engine, String format, String options) throws Exception {
    var raw = TestingImages.raw(directory, 4);
    var image = Files.readAllBytes(TestingQemuImg.convert(raw, options));
    var api = new TestingApi(server(engine).port());
    var id = api.create(format);
    assertThat(api.stage(id, image).statusCode()).isEqualTo(204);

    assertThat(api.importStaged(id).statusCode()).isEqualTo(202);

    var task = TestingConditions.await(() -> api.task(id), QemuImportsIT::isEnded);
    assertThat(task.getString("status")).as(task.getString("message")).isEqualTo("success");
    assertThat(api.image(id).getString("disk_format")).isEqualTo("raw");
    assertThat(Arrays.equals(api.download(id).body(), Files.readAllBytes(raw))).isTrue();
    TestingConditions.await(server(engine)::scratch, List::isEmpty);
  }

  private static boolean isEnded(JsonObject task) {
    return List.of("success", "failure").contains(task.getString("status"));
  }
}
