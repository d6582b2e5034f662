package io.vitrine.benchmark;

import io.vitrine.testing.TestingS3;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What imports take, on a server of their own with three stores. */
final class ImportCosts {
  private final Path directory;
  private final Settings settings;

  /** In a directory that nginx will serve. */
  ImportCosts(Path directory, Settings settings) {
    this.directory = directory;
    this.settings = settings;
  }

  void run(Report report) throws Exception {
    var home = Files.createDirectories(directory.resolve("imports"));
    try (var nginx = NginxProcess.start(directory);
        var throttled = EarlyImports.source(home);
        var objects = TestingS3.start(Files.createDirectories(home.resolve("s3")));
        var server =
            VitrineProcess.start(
                home, settings.heap(), "", stores(nginx.port() + "," + throttled.port(), objects));
        var client = new ImportClient(server)) {
      if (settings.includes("conversion")) {
        new Conversions(client, nginx, home, settings).run(report);
      }
      if (settings.includes("early")) {
        new EarlyImports(client, server, home, settings).run(throttled, report);
      }
      if (settings.includes("copy")) {
        new Copies(client, objects, home, settings).run(report);
      }
    }
  }

  private static Map<String, String> stores(String sourcePorts, TestingS3 objects) {
    var cloud = "VITRINE_STORES__BACKENDS__CLOUD__";
    return Map.of(
        "VITRINE_STORES__BACKENDS__LOCAL__KIND",
        "file",
        "VITRINE_STORES__BACKENDS__SECOND__KIND",
        "file",
        cloud + "KIND",
        "s3",
        cloud + "S3__ENDPOINT",
        objects.endpoint().toString(),
        cloud + "S3__BUCKET",
        TestingS3.BUCKET,
        cloud + "S3__ACCESS_KEY",
        TestingS3.KEYS.accessKey().value(),
        cloud + "S3__SECRET_KEY",
        TestingS3.KEYS.secretKey().value(),
        "VITRINE_IMPORT__WEB_DOWNLOAD__ALLOWED_NETWORKS",
        "127.0.0.0/8",
        "VITRINE_IMPORT__WEB_DOWNLOAD__ALLOWED_PORTS",
        sourcePorts);
  }
}
