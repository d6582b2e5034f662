package io.vitrine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vitrine.format.block.ArrivingSource;
import io.vitrine.format.block.ClusterCompression;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskFormatsTest {
  @TempDir Path directory;

  @Test
  void opensAndCreates() throws IOException {
    try (var disk = DiskFormats.open("raw", ArrivingSource.complete(new byte[1024]));
        var target = DiskFormats.create(directory.resolve("disk"), image("raw"))) {
      assertThat(disk.sizeBytes()).isEqualTo(1024);
      assertThat(target.isOrdered()).isFalse();
    }
  }

  @Test
  void refusesOtherFormats() {
    var file = ArrivingSource.complete(new byte[0]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> DiskFormats.open("iso", file))
        .withMessage("iso cannot be read");
    assertThat(file.isClosed()).isTrue();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DiskFormats.create(directory.resolve("disk"), image("iso")))
        .withMessage("iso cannot be written");
  }

  private static DiskFormats.NewImage image(String format) {
    return new DiskFormats.NewImage(format, 1024, ClusterCompression.NONE);
  }
}
