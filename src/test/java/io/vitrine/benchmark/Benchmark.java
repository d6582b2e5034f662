package io.vitrine.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/**
 * Measures uploads, downloads, imports and the JSON API of the packaged server. One command runs
 * it:
 *
 * <pre>
 * mvn -q -Pbenchmark integration-test -DskipTests                      about ten minutes
 * mvn -q -Pbenchmark integration-test -DskipTests -Dbenchmark.short    for CI, about four
 * </pre>
 *
 * <p>More of {@code -Dbenchmark.}: {@code catalogs}, sizes to compare (1000,100000,1000000), {@code
 * size} of the image in MiB (2048), {@code rounds} (3), {@code images} in the catalog (1000),
 * {@code seconds} of each run of requests (5), {@code heap} of the server (256m), {@code only} some
 * of {@code upload,download,uwsgi,requests,tokens,catalogs,conversion,early,copy,engines}, and
 * {@code strict} to fail when a target is missed. It needs curl, nginx, psql, qemu-img and wrk, and
 * writes only below target/.
 *
 * <p>All figures that are compared come from the same run, taken in turns, because the speed of a
 * shared machine changes by the minute; a ratio is the median of the ratios of the rounds. Wall
 * clock figures of a busy machine say little: look at the load in the first line.
 */
public final class Benchmark {
  private Benchmark() {}

  /** Runs all that is measured and prints one table. */
  public static void main(String[] args) throws Exception {
    var settings = Settings.ofProperties();
    Tools.require("curl", "nginx", "psql", "qemu-img", "wrk");
    var directory = Path.of("target", "benchmark").toAbsolutePath();
    delete(directory);
    Files.createDirectories(directory);
    System.out.printf(
        "%d processors, load %s, Java %s; %s%n",
        Runtime.getRuntime().availableProcessors(),
        Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0],
        Runtime.version(),
        settings);
    var report = new Report();
    var data = directory.resolve("data");
    try (var server = VitrineProcess.start(directory, settings.heap())) {
      if (settings.includes("upload")
          || settings.includes("download")
          || settings.includes("uwsgi")) {
        RandomFile.write(data, settings.sizeBytes());
      }
      if (settings.includes("upload")) {
        new Uploads(server, data, settings).run(report);
      }
      if (settings.includes("download")) {
        new Downloads(server, data, directory, settings).run(report);
      }
      if (settings.includes("uwsgi")) {
        new Fronts(server, data, settings).run(report);
      }
      report.atMost("peak memory of the server, MiB", server.peakMemoryMib(), 384);
      if (settings.includes("requests")) {
        new Requests(server, settings).run(report);
      }
      if (settings.includes("tokens")) {
        new TokenCosts(server, directory, settings).run(report);
      }
      if (settings.includes("catalogs")) {
        new Catalogs(server, settings).run(report);
      }
      if (settings.includes("conversion")
          || settings.includes("early")
          || settings.includes("copy")) {
        new ImportCosts(directory, settings).run(report);
      }
      if (settings.includes("engines")) {
        new Engines(directory, settings).run(report);
      }
    } finally {
      delete(data);
      delete(directory.resolve("vitrine"));
      delete(directory.resolve("keystone/vitrine"));
      delete(directory.resolve("imports"));
      delete(directory.resolve("engines"));
    }
    System.out.print(report.table());
    if (settings.strict() && report.hasMisses()) {
      System.exit(1);
    }
  }

  private static void delete(Path tree) throws IOException {
    if (Files.exists(tree)) {
      try (var files = Files.walk(tree)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
