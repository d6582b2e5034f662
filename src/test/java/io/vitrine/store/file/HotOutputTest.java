package io.vitrine.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HotOutputTest {
  private static final int MIB = 1 << 20;

  private final Path directory;
  private final Path file;
  private final DirectBlocks blocks = new DirectBlocks();

  HotOutputTest(@TempDir Path directory) {
    this.directory = directory;
    this.file = directory.resolve("file");
  }

  private HotOutput open(CacheRoom room, long position) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    var layout = FileLayout.of(directory, true);
    var means = new FileBlobWriter.Means(layout, Runnable::run, blocks, room, () -> {});
    return new HotOutput(file, channel.position(position), means);
  }

  private static byte[] noise(int size) {
    var data = new byte[size];
    new Random(size).nextBytes(data);
    return data;
  }

  private static ByteBuffer part(byte[] data, int from, int to) {
    return ByteBuffer.wrap(data, from, to - from);
  }

  private static void write(FileOutput output, ByteBuffer data, int pieceBytes) throws IOException {
    while (data.hasRemaining()) {
      int length = Math.min(pieceBytes, data.remaining());
      int first = length / 3;
      int middle = data.position() + first;
      output.write(data.slice(data.position(), first), data.slice(middle, length - first));
      data.position(data.position() + length);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 5000000, 100001",
    "0, 1000, 10",
    "1, 20000, 1",
    "4096, 5000000, 4096",
    "100000, 5000000, 99999",
    "1000000, 5000000, 131072",
    "3000000, 5000000, 2999999",
    "5000000, 5000000, 131072"
  })
  void writesEveryByteWhereverTheRoomEnds(int roomBytes, int size, int pieceBytes)
      throws IOException {
    var data = noise(size);

    try (var output = open(new CacheRoom(roomBytes), 0)) {
      write(output, part(data, 0, size), pieceBytes);
      output.finish();
    }

    assertThat(file).hasBinaryContent(data);
    assertThat(blocks.take()).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1000000, 1234567", "1000000, 999999", "9000000, 4096"})
  void goesOnWithDataThatIsThere(int roomBytes, int offset) throws IOException {
    var data = noise(5 * MIB);
    Files.write(file, Arrays.copyOf(data, offset));

    long held;
    try (var output = open(new CacheRoom(roomBytes), offset)) {
      write(output, part(data, offset, 4 * MIB), 100001);
      held = output.sync();
      assertThat(held).isEqualTo(output.heldBytes());
      assertThat(Files.readAllBytes(file)).startsWith(Arrays.copyOf(data, (int) (4 * MIB - held)));
      write(output, part(data, 4 * MIB, data.length), 100001);
      output.finish();
    }

    assertThat(held).isLessThan(MIB);
    assertThat(file).hasBinaryContent(data);
  }

  @Test
  void givesItsRoomBackOnce() throws IOException {
    var room = new CacheRoom(MIB);
    var first = open(room, 0);
    first.write(ByteBuffer.allocate(MIB));
    assertThat(room.take(1)).isFalse();

    first.close();
    first.close();

    assertThat(room.take(MIB)).isTrue();
    assertThat(room.take(1)).isFalse();
  }

  @Test
  void bypassesTheCacheOnceTheRoomIsTaken() throws IOException {
    var room = new CacheRoom(MIB);
    try (var output = open(room, 0)) {
      output.write(ByteBuffer.allocate(MIB));
      assertThat(output.heldBytes()).isZero();

      output.write(ByteBuffer.allocate(100));

      assertThat(output.heldBytes()).isEqualTo(100);
    }
  }

  /** They are of the same upload, which could push out all others in many small requests. */
  @Test
  void countsTheBytesOfEarlierRequests() throws IOException {
    Files.write(file, noise(MIB));

    var full = new CacheRoom(MIB);
    try (var output = open(full, MIB)) {
      output.write(ByteBuffer.allocate(100));
      assertThat(output.heldBytes()).isEqualTo(100);
      assertThat(full.take(MIB)).isTrue();
    }
    var wide = new CacheRoom(2 * MIB);
    try (var output = open(wide, MIB)) {
      output.write(ByteBuffer.allocate(MIB));
      assertThat(output.heldBytes()).isZero();
      assertThat(wide.take(1)).isFalse();
    }
    assertThat(wide.take(2 * MIB)).isTrue();
  }

  @Test
  void staysInTheCacheWhileNoBlockIsFree() throws IOException {
    var taken = new ArrayList<ByteBuffer>();
    for (var block = blocks.take(); block.isPresent(); block = blocks.take()) {
      taken.add(block.get());
    }
    var data = noise(3 * MIB);

    try (var output = open(new CacheRoom(0), 0)) {
      write(output, part(data, 0, MIB), 100000);
      assertThat(output.heldBytes()).isZero();
      taken.forEach(blocks::giveBack);
      write(output, part(data, MIB, data.length), 100000);
      output.finish();
    }

    assertThat(file).hasBinaryContent(data);
  }
}
