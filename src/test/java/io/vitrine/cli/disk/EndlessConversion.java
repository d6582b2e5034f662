package io.vitrine.cli.disk;

import io.vitrine.format.DiskFormats.NewImage;
import io.vitrine.format.block.ClusterCompression;
import io.vitrine.format.block.FakeDisk;
import io.vitrine.format.block.OffsetHook;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Another Java process that converts a disk for ever. */
final class EndlessConversion {
  private EndlessConversion() {}

  /** The other process' program; prints a line once the conversion runs. */
  public static void main(String[] args) throws Exception {
    var reading = new CountDownLatch(1);
    var disk = new FakeDisk(1 << 20, 1 << 16).stored(0, 1).onRead(OffsetHook.blocking(reading));
    Thread.ofPlatform().daemon().start(() -> announce(reading));
    var image = new NewImage("raw", disk.sizeBytes(), ClusterCompression.NONE);
    new FileConversion(disk, image, new PrintWriter(Writer.nullWriter()))
        .to(Path.of(args[0]), false);
  }

  private static void announce(CountDownLatch reading) {
    try {
      reading.await();
      System.out.println("reading");
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  static Process start(Path destination) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            EndlessConversion.class.getName(),
            destination.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
