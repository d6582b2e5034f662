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
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DirectOutputTest {
  private static final int BLOCKS = 8;

  private final DirectBlocks blocks = new DirectBlocks();
  private final Path file;

  DirectOutputTest(@TempDir Path directory) {
    file = directory.resolve("file");
  }

  private FileOutput open() throws IOException {
    var cached = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    return DirectOutput.open(file, cached, blocks).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 10",
    "1, 10",
    "1048575, 4096",
    "1048576, 65536",
    "1048577, 131072",
    "3145733, 100001",
    "3145728, 3145728",
    "5000000, 2000000"
  })
  void writesEveryByte(int size, int pieceBytes) throws IOException {
    var data = new byte[size];
    new Random(size).nextBytes(data);

    try (var output = open()) {
      for (int from = 0; from < size; from += pieceBytes) {
        int middle = Math.min(from + pieceBytes / 3, size);
        int to = Math.min(from + pieceBytes, size);
        output.write(
            ByteBuffer.wrap(data, from, middle - from), ByteBuffer.wrap(data, middle, to - middle));
      }
      output.finish();
    }

    assertThat(Files.readAllBytes(file)).isEqualTo(data);
  }

  @Test
  void leavesTheCacheToThoseForWhomThereIsNoBlock() throws IOException {
    var outputs = new ArrayList<FileOutput>();
    for (int i = 0; i < BLOCKS; i++) {
      outputs.add(open());
    }

    assertThat(blocks.take()).isEmpty();

    for (var output : outputs) {
      output.close();
      output.close();
    }
    assertThat(IntStream.range(0, BLOCKS + 1).filter(i -> blocks.take().isPresent()).count())
        .isEqualTo(BLOCKS);
  }

  @Test
  void refusesAFileThatIsNotThere() throws IOException {
    var cached = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    Files.delete(file);

    assertThat(DirectOutput.open(file, cached, blocks)).isEmpty();

    cached.close();
    assertThat(blocks.take()).isPresent();
  }

  @Test
  void beginsEachFileWithAnEmptyBlock() throws IOException {
    var noise = new byte[DirectBlocks.BLOCK_BYTES / 2];
    Arrays.fill(noise, (byte) 7);
    try (var abandoned = open()) {
      abandoned.write(ByteBuffer.wrap(noise));
    }

    try (var output = open()) {
      output.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
      output.finish();
    }

    assertThat(file).hasBinaryContent(new byte[] {1, 2, 3});
  }
}
