package io.vitrine.cli.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.format.DiskFormats.NewImage;
import io.vitrine.format.block.BlockSource;
import io.vitrine.format.block.ClusterCompression;
import io.vitrine.format.block.FakeDisk;
import io.vitrine.format.block.OffsetHook;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileConversionTest {
  @TempDir private Path directory = Path.of("");
  private final StringWriter terminal = new StringWriter();
  private final FakeDisk disk = new FakeDisk(1 << 20, 1 << 16).stored(0, 1);

  private FakeDisk broken() {
    return disk.onRead(
        offset -> {
          throw new IOException("the disk is broken");
        });
  }

  @Test
  void leavesNothingIfItFails() {
    var conversion = conversion(broken(), "qcow2");

    assertThatThrownBy(() -> conversion.to(directory.resolve("disk"), false))
        .isInstanceOf(IOException.class)
        .hasMessage("the disk is broken");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void leavesNothingIfItIsInterrupted() throws Exception {
    var reading = new CountDownLatch(1);
    disk.onRead(OffsetHook.blocking(reading));
    var task =
        new FutureTask<>(
            () -> {
              conversion(disk, "raw").to(directory.resolve("disk"), false);
              return "done";
            });
    var worker = Thread.ofPlatform().daemon().start(task);
    reading.await();

    worker.interrupt();

    assertThatThrownBy(() -> task.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void leavesAnOldFileIfItFails() throws Exception {
    var old = Files.writeString(directory.resolve("disk"), "old");

    assertThatThrownBy(() -> conversion(broken(), "raw").to(old, true))
        .isInstanceOf(IOException.class);

    assertThat(old).hasContent("old");
    assertThat(directory.toFile().list()).hasSize(1);
  }

  @Test
  void drawsAProgressBar() {
    assertThatThrownBy(() -> conversion(broken(), "raw").to(directory.resolve("disk"), false))
        .isInstanceOf(IOException.class);

    assertThat(terminal.toString()).startsWith("\r").endsWith(" \r");
  }

  private FileConversion conversion(BlockSource disk, String format) {
    var image = new NewImage(format, disk.sizeBytes(), ClusterCompression.NONE);
    return new FileConversion(disk, image, new PrintWriter(terminal));
  }
}
