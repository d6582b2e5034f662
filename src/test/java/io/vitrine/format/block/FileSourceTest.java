package io.vitrine.format.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSourceTest {
  @TempDir Path directory;

  @Test
  void readsByPosition() throws IOException {
    try (var source = FileSource.open(write(1, 2, 3, 4, 5))) {
      assertThat(source.sizeBytes()).isEqualTo(5);
      assertThat(source.read(1, 4, ByteOrder.BIG_ENDIAN).getInt()).isEqualTo(0x02030405);
      assertThat(source.read(5, 0, ByteOrder.BIG_ENDIAN).hasRemaining()).isFalse();
    }
  }

  @Test
  void refusesWhatIsBehindTheEnd() throws IOException {
    try (var source = FileSource.open(write(1, 2, 3))) {
      assertThatThrownBy(() -> source.read(2, ByteBuffer.allocate(2)))
          .isInstanceOf(InvalidImageException.class)
          .hasMessage("is cut off: needs 4 bytes, has 3");
      assertThatThrownBy(() -> source.read(Long.MAX_VALUE, ByteBuffer.allocate(2)))
          .isInstanceOf(InvalidImageException.class);
      assertThatThrownBy(() -> source.read(-1, ByteBuffer.allocate(2)))
          .isInstanceOf(InvalidImageException.class);
    }
  }

  @Test
  void tellsShrinkingFromFault() throws IOException {
    var file = write(1, 2, 3);
    try (var source = FileSource.open(file)) {
      FileChannel.open(file, StandardOpenOption.WRITE).truncate(2).close();

      assertThatThrownBy(() -> source.read(0, ByteBuffer.allocate(3)))
          .isNotInstanceOf(InvalidImageException.class)
          .hasMessage("the file shrank from 3 to 2 bytes");
    }
  }

  private Path write(int... bytes) throws IOException {
    var content = ByteBuffer.allocate(bytes.length);
    for (int each : bytes) {
      content.put((byte) each);
    }
    return Files.write(directory.resolve("file"), content.array());
  }
}
