package io.vitrine.api.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import io.vitrine.api.TestingApi;
import io.vitrine.api.data.UploadWireTest;
import io.vitrine.app.SharedServer;
import io.vitrine.app.TestingServer;
import io.vitrine.importer.TestingDiskImages;
import io.vitrine.testing.TestingConditions;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Staged data that is no longer what was staged is never made an image. */
@ExtendWith(SharedServer.class)
class DamagedStagingWireTest {
  private static final int SIZE = 1 << 20;

  private final TestingServer server;
  private final TestingApi api;

  DamagedStagingWireTest(TestingServer server) {
    this.server = server;
    this.api = new TestingApi(server.port());
  }

  /** What to do with the staged file. */
  private interface Damage {
    void to(Path file) throws Exception;
  }

  @ParameterizedTest
  @ValueSource(strings = {"raw", "qcow2"})
  void failsWhatWasCutShort(String format) throws Exception {
    assertFails(format, file -> resize(file, SIZE / 2), "524288", "1048576");
  }

  @Test
  void failsWhatHasGrown() throws Exception {
    assertFails("raw", file -> resize(file, 2 * SIZE), "2097152", "1048576");
  }

  @Test
  void failsWhatIsGone() throws Exception {
    assertFails("raw", Files::delete, "0 of 1048576 bytes");
  }

  /** Of the same size: only the digest tells. */
  @ParameterizedTest
  @ValueSource(strings = {"raw", "qcow2"})
  void failsWhatHasChanged(String format) throws Exception {
    assertFails(format, file -> overwrite(file, SIZE / 2), "digest (sha512) is ", "must be ");
  }

  /** The end of the data is a hole then, which is not read from the disk. */
  @Test
  void failsWhatWasCutAndFilledUpAgain() throws Exception {
    assertFails(
        "raw",
        file -> {
          resize(file, SIZE / 2);
          resize(file, SIZE);
        },
        "digest (sha512) is ",
        "must be ");
  }

  private void assertFails(String format, Damage damage, String... told) throws Exception {
    var before = new HashSet<>(server.staged());
    var id = api.create(format);
    assertThat(api.stage(id, data(format)).statusCode()).isEqualTo(204);
    var files = server.staged().stream().filter(file -> !before.contains(file)).toList();
    assertThat(files).hasSize(1);

    damage.to(files.getFirst());
    assertThat(api.importStaged(id).statusCode()).isEqualTo(202);

    var task = TestingConditions.await(() -> api.task(id), DamagedStagingWireTest::isEnded);
    assertThat(task.getString("status")).isEqualTo("failure");
    assertThat(task.getString("message")).contains(told).doesNotContain("internal error");
    assertThat(api.image(id).getString("status")).isEqualTo("queued");
  }

  private static boolean isEnded(JsonObject task) {
    assertThat(task.getString("message")).doesNotContain("tried again");
    return task.getString("status").equals("failure") || task.getString("status").equals("success");
  }

  /** A qcow2 image of nothing, with a tail that no cluster refers to. */
  private static byte[] data(String format) throws Exception {
    if (format.equals("raw")) {
      return UploadWireTest.data(SIZE);
    }
    return Arrays.copyOf(TestingDiskImages.of("qcow2", new byte[SIZE]), SIZE);
  }

  private static void resize(Path path, long size) throws Exception {
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(size);
    }
  }

  private static void overwrite(Path path, long at) throws Exception {
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(at);
      file.write(new byte[] {1, 2, 3});
    }
  }
}
