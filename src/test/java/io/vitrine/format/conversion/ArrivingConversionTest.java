package io.vitrine.format.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.format.block.ArrivingSource;
import io.vitrine.format.block.FakeTarget;
import io.vitrine.format.block.InvalidImageException;
import io.vitrine.format.raw.RawDisk;
import java.util.Random;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Conversions of files that are not complete. */
@Timeout(30)
class ArrivingConversionTest {
  private static final int PIECE = 2 << 20;

  private final byte[] content = new byte[5 * PIECE / 2];
  private final ArrivingSource file = ArrivingSource.ofKnownSize(content);
  private final FakeTarget target = new FakeTarget(content.length, 1, false);

  ArrivingConversionTest() {
    new Random(1).nextBytes(content);
  }

  @Test
  void convertsWhileFileArrives() throws Exception {
    var conversion = new DiskConversion(RawDisk.open(file), target, 1);
    try (var caller = Executors.newVirtualThreadPerTaskExecutor()) {
      var done =
          caller.submit(
              () -> {
                conversion.run();
                return true;
              });
      file.feed(PIECE);
      file.awaitReaderOf(2 * PIECE);
      assertThat(target.writes()).containsExactly(0L);
      assertThat(conversion.doneBytes()).isEqualTo(PIECE);

      file.feed(PIECE);
      file.awaitReaderOf(content.length);
      assertThat(target.writes()).hasSize(2);

      file.feed(PIECE / 2);
      assertThat(done.get()).isTrue();
    }

    assertThat(target.content()).isEqualTo(content);
  }

  @Test
  void failsIfFileIsCutOff() throws Exception {
    var disk = RawDisk.open(file);
    file.feed(content.length - 1).end();

    assertThatThrownBy(() -> new DiskConversion(disk, target, 2).run())
        .isInstanceOf(InvalidImageException.class)
        .hasMessage("is cut off: needs %d bytes, has %d", content.length, content.length - 1);
    assertThat(target.isFinished()).isFalse();
  }
}
