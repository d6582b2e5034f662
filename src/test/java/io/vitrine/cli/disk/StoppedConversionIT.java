package io.vitrine.cli.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoppedConversionIT {
  private static final int ENDED_BY_SIGTERM = 128 + 15;

  @TempDir private Path directory = Path.of("");

  @Test
  void leavesNothing() throws Exception {
    var process = EndlessConversion.start(directory.resolve("disk.raw"));
    try {
      assertThat(process.inputReader().readLine()).isEqualTo("reading");
      assertThat(directory.toFile().list()).hasSize(1);

      process.destroy();

      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(ENDED_BY_SIGTERM);
      assertThat(directory).isEmptyDirectory();
    } finally {
      process.destroyForcibly();
    }
  }
}
