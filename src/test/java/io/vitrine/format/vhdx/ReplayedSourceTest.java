package io.vitrine.format.vhdx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.format.block.ArrivingSource;
import io.vitrine.format.block.InvalidImageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReplayedSourceTest {
  private static final int SECTOR = 4096;
  private static final int SECTORS = 40;

  @Test
  void readsWhatWasWrittenLast() throws IOException {
    for (int seed = 0; seed < 50; seed++) {
      var random = new Random(seed);
      var content = new byte[SECTOR * SECTORS];
      random.nextBytes(content);
      var replayed = new ReplayedSource(ArrivingSource.complete(content.clone()));
      for (int i = 0; i < 30; i++) {
        change(replayed, content, random);
        int from = random.nextInt(content.length);
        int length = random.nextInt(content.length - from);

        assertThat(read(replayed, from, length))
            .isEqualTo(Arrays.copyOfRange(content, from, from + length));
      }
    }
  }

  private static void change(ReplayedSource replayed, byte[] content, Random random) {
    int at = random.nextInt(SECTORS) * SECTOR;
    if (random.nextBoolean()) {
      var sector = new byte[SECTOR];
      random.nextBytes(sector);
      System.arraycopy(sector, 0, content, at, SECTOR);
      replayed.write(at, ByteBuffer.wrap(sector));
    } else {
      int length = random.nextInt(Math.min(9, SECTORS - at / SECTOR)) * SECTOR;
      Arrays.fill(content, at, at + length, (byte) 0);
      replayed.zero(at, length);
    }
  }

  @Test
  void growsByWhatIsWritten() throws IOException {
    var replayed = new ReplayedSource(ArrivingSource.complete(new byte[5000]));
    assertThat(replayed.sizeBytes()).isEqualTo(5000);

    replayed.write(2 * SECTOR, ByteBuffer.allocate(SECTOR));
    assertThat(replayed.sizeBytes()).isEqualTo(3 * SECTOR);

    replayed.zero(10 * SECTOR, SECTOR);
    assertThat(replayed.sizeBytes()).isEqualTo(11 * SECTOR);
    assertThat(read(replayed, 10 * SECTOR, SECTOR)).containsOnly(0);
    assertThatThrownBy(() -> read(replayed, 9 * SECTOR, 1))
        .isInstanceOf(InvalidImageException.class)
        .hasMessage("is cut off: needs 36865 bytes, has 5000");
  }

  private static byte[] read(ReplayedSource source, long offset, int lengthBytes)
      throws IOException {
    var target = ByteBuffer.allocate(lengthBytes);
    source.read(offset, target);
    return target.array();
  }
}
