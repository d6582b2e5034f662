package io.vitrine.benchmark;

import io.vitrine.benchmark.EngineCase.Order;
import io.vitrine.format.DiskFormats.NewImage;
import io.vitrine.format.block.ClusterCompression;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Conversions of disks by Vitrine next to {@code qemu-img convert}: in this process after some to
 * warm up, as in a server, and, only to be seen, as a command that starts a Java each time. Figures
 * that are compared are of files in the page cache.
 */
final class Engines {
  /** Conversions without compression take a fraction of a second. */
  private static final int SHORT_TURNS = 8;

  private final Path directory;
  private final Settings settings;

  /** In a directory with room for four disks. */
  Engines(Path directory, Settings settings) {
    this.directory = directory;
    this.settings = settings;
  }

  void run(Report report) throws Exception {
    var home = Files.createDirectories(directory.resolve("engines"));
    var raw = home.resolve("disk.raw");
    var plain = home.resolve("plain.qcow2");
    var compressed = home.resolve("compressed.qcow2");
    SparseDisk.write(raw, settings.sizeBytes());
    Tools.run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw.toString(), plain.toString());
    Tools.run(
        "qemu-img",
        "convert",
        "-f",
        "raw",
        "-c",
        "-O",
        "qcow2",
        raw.toString(),
        compressed.toString());
    var toRaw = new NewImage("raw", settings.sizeBytes(), ClusterCompression.NONE);
    var toQcow2 = new NewImage("qcow2", settings.sizeBytes(), ClusterCompression.ZLIB);
    var orders =
        List.of(
            new Order("qcow2 to raw", plain, "qcow2", toRaw, SHORT_TURNS),
            new Order("compressed qcow2 to raw", compressed, "qcow2", toRaw, SHORT_TURNS / 2),
            new Order("raw to compressed qcow2", raw, "raw", toQcow2, 1));
    for (var order : orders) {
      var one = new EngineCase(order, home.resolve("output"));
      one.warmUp();
      for (int round = 0; round < settings.rounds(); round++) {
        one.run();
      }
      one.report(report);
    }
  }
}
