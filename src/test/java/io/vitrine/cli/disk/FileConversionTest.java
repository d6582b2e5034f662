package io.vitrine.cli.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.format.DiskFormats.NewImage;
import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.ClusterCompression;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileConversionTest {
  @TempDir private Path directory = Path.of("");
  private final StringWriter terminal = new StringWriter();

  @Test
  void leavesNothingIfItFails() {
    var conversion = conversion(FakeDisk.broken(), "qcow2");

    assertThatThrownBy(() -> conversion.to(directory.resolve("disk"), false))
        .isInstanceOf(IOException.class)
        .hasMessage("the disk is broken");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void leavesNothingIfItIsInterrupted() throws Exception {
    var disk = FakeDisk.endless();
    var task =
        new FutureTask<>(
            () -> {
              conversion(disk, "raw").to(directory.resolve("disk"), false);
              return "done";
            });
    var worker = Thread.ofPlatform().daemon().start(task);
    disk.awaitReader();

    worker.interrupt();

    assertThatThrownBy(() -> task.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void leavesAnOldFileIfItFails() throws Exception {
    var old = Files.writeString(directory.resolve("disk"), "old");

    assertThatThrownBy(() -> conversion(FakeDisk.broken(), "raw").to(old, true))
        .isInstanceOf(IOException.class);

    assertThat(old).hasContent("old");
    assertThat(directory.toFile().list()).hasSize(1);
  }

  @Test
  void drawsAProgressBar() {
    assertThatThrownBy(
            () -> conversion(FakeDisk.broken(), "raw").to(directory.resolve("disk"), false))
        .isInstanceOf(IOException.class);

    assertThat(terminal.toString()).startsWith("\r").endsWith(" \r");
  }

  private FileConversion conversion(BlockSource disk, String format) {
    var image = new NewImage(format, disk.sizeBytes(), ClusterCompression.NONE);
    return new FileConversion(disk, image, new PrintWriter(terminal));
  }
}
