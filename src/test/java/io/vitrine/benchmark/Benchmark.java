package io.vitrine.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Measures uploads, downloads, imports and the JSON API of the packaged server. One command runs
 * it:
 *
 * <pre>
 * mvn -q -Pbenchmark integration-test -DskipTests                      up to an hour
 * mvn -q -Pbenchmark integration-test -DskipTests -Dbenchmark.short    for CI, about seven minutes
 * </pre>
 *
 * <p>More of {@code -Dbenchmark.}: {@code only}, some of the names in {@link #PARTS}, {@code size}
 * of the image in MiB (2048), {@code rounds} (3), {@code images} in the catalog (1000), {@code
 * catalogs}, sizes to compare (1000,100000,1000000), {@code uploads} through a fresh process (10),
 * {@code seconds} of each run of requests (5), {@code heap} of the server (256m), and {@code
 * strict} to fail when a target is missed. It needs curl, nginx, psql, qemu-img and wrk, and writes
 * only below target/. Rows that need Debian's Glance say "no peer" where glance-api is not
 * installed.
 *
 * <p>All figures that are compared come from the same run, taken in turns, because the speed of a
 * shared machine changes by the minute; a ratio is the median of the ratios of the rounds. Wall
 * clock figures of a busy machine say little: look at the load in the first line.
 */
public final class Benchmark {
  /** All that is measured, in this order: what fills the catalog comes late. */
  private static final List<Part> PARTS =
      List.of(
          Part.of("memory", (rig, report) -> new Memory(rig).run(report)),
          Part.of("cold", (rig, report) -> new FreshProcess(rig).run(report)),
          Part.of("upload", (rig, report) -> new Uploads(rig).run(report)),
          Part.of("parallel", ParallelUploads::runAll),
          Part.of("download", (rig, report) -> new Downloads(rig).run(report)),
          Part.of("storm", (rig, report) -> new BootStorm(rig).run(report)),
          Part.of(
              "uwsgi",
              (rig, report) -> new Fronts(rig.vitrine(), rig.data(), rig.settings()).run(report)),
          Part.of("requests", (rig, report) -> new Requests(rig).run(report)),
          Part.of("changes", (rig, report) -> new Changes(rig).run(report)),
          Part.of(
              "tokens",
              (rig, report) ->
                  new TokenCosts(rig.vitrine(), rig.directory(), rig.settings()).run(report)),
          Part.of(
              "catalogs", (rig, report) -> new Catalogs(rig.vitrine(), rig.settings()).run(report)),
          new Part(
              List.of("conversion", "early", "copy"),
              (rig, report) -> new ImportCosts(rig.directory(), rig.settings()).run(report)),
          Part.of(
              "engines",
              (rig, report) -> new Engines(rig.directory(), rig.settings()).run(report)));

  /** What is left of them is deleted: images and databases. Logs stay. */
  private static final List<String> BULKY =
      List.of(
          "served",
          "vitrine",
          "glance/store",
          "peers",
          "classes",
          "memory/vitrine",
          "cold/vitrine",
          "keystone/vitrine",
          "imports",
          "engines");

  private Benchmark() {}

  /** Runs all that is measured, and prints the rows of each part when it is done. */
  public static void main(String[] args) {
    try {
      var settings = Settings.ofProperties();
      requireKnown(settings);
      Tools.require("curl", "nginx", "psql", "qemu-img", "wrk");
      var report = new Report();
      run(settings, report);
      System.exit(settings.strict() && report.hasMisses() ? 1 : 0);
    } catch (Exception | Error failure) {
      // Threads of what is still open would keep the process.
      failure.printStackTrace();
      System.exit(1);
    }
  }

  private static void run(Settings settings, Report report) throws Exception {
    var directory = Path.of("target", "benchmark").toAbsolutePath();
    delete(directory);
    Files.createDirectories(directory);
    System.out.printf(
        "%d processors, load %s, Java %s; %s%n%s%n",
        Runtime.getRuntime().availableProcessors(),
        Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0],
        Runtime.version(),
        settings,
        GlanceProcess.description());
    System.out.print(Report.heading());
    try (var rig = new Rig(directory, settings)) {
      run(rig, report);
    } finally {
      for (var name : BULKY) {
        delete(directory.resolve(name));
      }
    }
    System.out.print(report.summary());
  }

  private static void run(Rig rig, Report report) throws Exception {
    for (var part : PARTS) {
      if (part.isIncluded(rig.settings())) {
        report.section(String.join(", ", part.names()));
        try (var _ = Deadline.of(part.names().toString(), rig.settings().partLimit())) {
          part.measurement().run(rig, report);
        } finally {
          System.out.print(report.newRows());
        }
      }
    }
  }

  private static void requireKnown(Settings settings) {
    var known = PARTS.stream().flatMap(part -> part.names().stream()).collect(Collectors.toSet());
    if (!known.containsAll(settings.only())) {
      System.err.println(
          "-Dbenchmark.only=" + String.join(",", settings.only()) + ": the parts are " + known);
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
