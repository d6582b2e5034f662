package io.vitrine.api.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.api.TestingApi;
import io.vitrine.app.TestingServer;
import io.vitrine.importer.TestingDiskImages;
import io.vitrine.testing.TestingConditions;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A fault of the service ends no import: it waits, says why, and goes on when the fault is over.
 */
class HandedBackWireTest {
  @Test
  void waitsForTheServiceHoweverFewAttemptsThereAre() throws Exception {
    var directory = TestingServer.newDirectory();
    try (var server = TestingServer.start(directory, Map.of("VITRINE_IMPORT__MAX_ATTEMPTS", "1"))) {
      var api = new TestingApi(server.port());
      var scratch = directory.resolve("data/scratch");
      var away = directory.resolve("data/away");
      var id = api.create("qcow2");
      var qcow2 = TestingDiskImages.of("qcow2", new byte[1 << 20]);
      assertThat(api.stage(id, qcow2).statusCode()).isEqualTo(204);

      // Nothing can be made in what is no directory.
      Files.move(scratch, away);
      Files.createFile(scratch);
      assertThat(api.importStaged(id).statusCode()).isEqualTo(202);

      var task =
          TestingConditions.await(
              () -> api.task(id), seen -> seen.getString("message").contains("tried again"));
      assertThat(task.getString("status")).isIn("pending", "processing");
      assertThat(task.getString("message")).contains("A part of the service is not working.");
      assertThat(server.staged()).hasSize(1);

      Files.delete(scratch);
      Files.move(away, scratch);
      assertThat(api.await(id, "active").getString("disk_format")).isEqualTo("raw");
    } finally {
      TestingServer.remove(directory);
    }
  }
}
