package io.vitrine.store.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.image.location.BlobRef;
import io.vitrine.store.TestingNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores of files in several directories, with permissions, and with holes. */
class FileLayoutTest {
  private final Path low;
  private final Path high;

  FileLayoutTest(@TempDir Path parent) {
    low = parent.resolve("low");
    high = parent.resolve("high");
  }

  private FileBlobStore store(long reserveBytes, boolean isThin) throws IOException {
    return new FileBlobStore(
        "local",
        new FileLayout(
            List.of(new FileLayout.Directory(low, 100), new FileLayout.Directory(high, 200)),
            reserveBytes,
            Optional.of(PosixFilePermissions.fromString("rw-r-----")),
            isThin,
            DirectIo.TRUE,
            true,
            false));
  }

  /** Early readers need all that was written, but blocks and holes come to the file later. */
  @Test
  void letsOthersReadWhatGoesToThePageCache() throws IOException {
    var data = new byte[] {1, 2, 3};
    var cached = new FileBlobStore("staging", FileLayout.of(low, false));
    var thin = store(0, true);

    var writer = cached.begin(TestingNode.blob(), OptionalLong.empty());
    writer.write(ByteBuffer.wrap(data));
    assertThat(writer.file().orElseThrow()).hasBinaryContent(data);
    writer.abort();
    var holed = thin.begin(TestingNode.blob(), OptionalLong.empty());
    assertThat(holed.file()).isEmpty();
    holed.abort();
  }

  private static BlobRef write(FileBlobStore store, byte[] data, int pieceBytes)
      throws IOException {
    var blob = TestingNode.blob();
    var writer = store.begin(blob, OptionalLong.empty());
    for (int from = 0; from < data.length; from += pieceBytes) {
      writer.write(
          ByteBuffer.wrap(data, from, Math.min(pieceBytes, data.length - from)),
          ByteBuffer.allocate(0));
    }
    writer.commit();
    return blob;
  }

  @Test
  void writesToTheFirstByPriorityAndReadsFromAny() throws IOException {
    var store = store(0, false);
    var blob = write(store, new byte[10], 10);
    var moved = write(store, new byte[20], 20);
    var target = low.resolve(moved.path());
    Files.createDirectories(target.getParent());
    Files.move(high.resolve(moved.path()), target);

    assertThat(store.file(blob)).contains(high.resolve(blob.path()));
    assertThat(store.file(moved)).contains(target);
    try (var reader = store.open(moved).orElseThrow()) {
      assertThat(reader.sizeBytes()).isEqualTo(20);
    }
    assertThat(store.delete(moved)).isTrue();
    assertThat(store.delete(blob)).isTrue();
    assertThat(store.open(blob)).isEmpty();
  }

  @Test
  void refusesWhatFitsNowhere() throws IOException {
    var store = store(1L << 60, false);

    assertThatThrownBy(() -> store.begin(TestingNode.blob(), OptionalLong.of(1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left");
  }

  @Test
  void givesFilesTheirPermissions() throws IOException {
    var store = store(0, false);
    var blob = write(store, new byte[10], 10);

    assertThat(Files.getPosixFilePermissions(store.file(blob).orElseThrow()))
        .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
  }

  @Test
  void leavesZerosOut() throws IOException, InterruptedException {
    var store = store(0, true);
    var data = new byte[10 << 20];
    Arrays.fill(data, 3 << 20, (3 << 20) + 100, (byte) 1);

    var file = store.file(write(store, data, 128 << 10)).orElseThrow();

    assertThat(Files.size(file)).isEqualTo(data.length);
    assertThat(Files.readAllBytes(file)).isEqualTo(data);
    assertThat(allocatedBytes(file)).isLessThanOrEqualTo(128 << 10);
  }

  private static long allocatedBytes(Path file) throws IOException, InterruptedException {
    var process = new ProcessBuilder("stat", "--format=%b %B", file.toString()).start();
    var numbers = new String(process.getInputStream().readAllBytes(), UTF_8).strip().split(" ", -1);
    assertThat(process.waitFor()).isZero();
    return Long.parseLong(numbers[0]) * Long.parseLong(numbers[1]);
  }

  @Test
  void keepsEveryByteWhereverTheZerosAre() throws IOException {
    var store = store(0, true);
    for (int round = 0; round < 50; round++) {
      var chance = new Random(round);
      var data = new byte[chance.nextInt(400_000)];
      IntStream.range(0, chance.nextInt(4))
          .map(each -> chance.nextInt(data.length + 1))
          .filter(index -> index < data.length)
          .forEach(index -> data[index] = 1);

      var blob = write(store, data, 1 + chance.nextInt(100_000));

      assertThat(Files.readAllBytes(store.file(blob).orElseThrow()))
          .as("seed " + round)
          .isEqualTo(data);
    }
  }
}
