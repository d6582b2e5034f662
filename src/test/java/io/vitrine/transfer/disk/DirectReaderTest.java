package io.vitrine.transfer.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectReaderTest {
  private final Path file;

  DirectReaderTest(@TempDir Path directory) {
    this.file = directory.resolve("blob");
  }

  @Test
  void readsBlocksAndWhatIsLeftAtTheEnd() throws IOException {
    var content = new byte[2 * DirectReader.BLOCK_BYTES + 5];
    new Random(1).nextBytes(content);
    Files.write(file, content);

    try (var reader = DirectReader.open(file).orElseThrow()) {
      for (int at = 0; at < content.length; at += DirectReader.BLOCK_BYTES) {
        int end = Math.min(at + DirectReader.BLOCK_BYTES, content.length);

        assertThat(reader.read(at))
            .isEqualTo(ByteBuffer.wrap(Arrays.copyOfRange(content, at, end)));
      }
      assertThat(reader.read(4L * DirectReader.BLOCK_BYTES).hasRemaining()).isFalse();
    }
  }

  @Test
  void isNotThereForAFileThatIsNot() {
    assertThat(DirectReader.open(file)).isEmpty();
  }
}
