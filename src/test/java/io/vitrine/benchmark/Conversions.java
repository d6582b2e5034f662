package io.vitrine.benchmark;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Imports of a qcow2 file that are converted to raw, next to the same by hand: curl that downloads,
 * qemu-img convert, and curl that uploads to the same server. Half of the disk is empty.
 */
final class Conversions {
  private static final int MIB = 1 << 20;

  private final Series convert = new Series("qemu-img convert alone, s");
  private final Series byHand = new Series("convert, upload by hand, s");
  private final Series step = new Series("conversion in imports of staged data, s");
  private final Series direct = new Series("import of staged data with conversion, s");
  private final Series downloadByHand = new Series("download, convert, upload by hand, s");
  private final Series web = new Series("import from the web with conversion, s");

  private final ImportClient client;
  private final NginxProcess nginx;
  private final Path directory;
  private final Settings settings;
  private final Path qcow2;
  private final Path raw;

  /**
   * Of a server that may fetch from nginx.
   *
   * @param directory a directory that nginx serves
   */
  Conversions(ImportClient client, NginxProcess nginx, Path directory, Settings settings) {
    this.client = client;
    this.nginx = nginx;
    this.directory = directory;
    this.settings = settings;
    this.qcow2 = directory.resolve("disk.qcow2");
    this.raw = directory.resolve("disk.raw");
  }

  void run(Report report) throws Exception {
    write();
    importStaged(new Series("warm-up"), new Series("warm-up"));
    for (int round = 0; round < settings.rounds(); round++) {
      importStaged(direct, step);
      doByHand();
      importFromWeb();
    }
    Files.delete(qcow2);
    report.plain(convert);
    report.atMost(step, convert, 1.15);
    report.plain(byHand);
    report.atMost(direct, byHand, 1.15);
    report.compared(direct.as("the same, to qemu-img alone"), convert);
    report.plain(downloadByHand);
    report.atMost(web, downloadByHand, 1.15);
    report.compared(web.as("the same, to qemu-img alone"), convert);
  }

  /** A disk of the size with data in every other MiB. */
  private void write() throws Exception {
    var data = directory.resolve("random");
    RandomFile.write(data, settings.sizeBytes() / 2);
    try (var in = FileChannel.open(data, StandardOpenOption.DELETE_ON_CLOSE);
        var out = FileChannel.open(raw, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long done = 0; done < in.size(); done += MIB) {
        out.position(2 * done);
        in.transferTo(done, MIB, out);
      }
    }
    Tools.run("qemu-img", "resize", "-q", "-f", "raw", raw.toString(), settings.sizeMib() + "M");
    Tools.run("qemu-img", "convert", "-O", "qcow2", raw.toString(), qcow2.toString());
    Files.delete(raw);
  }

  private void doByHand() throws Exception {
    var fetched = directory.resolve("fetched.qcow2");
    double download = seconds("curl", "-sf", "-o", fetched.toString(), url());
    double conversion =
        seconds(
            "qemu-img", "convert", "-f", "qcow2", "-O", "raw", fetched.toString(), raw.toString());
    var image = client.create("raw");
    double upload = client.upload(image, raw);
    client.delete(image);
    Files.delete(fetched);
    Files.delete(raw);
    convert.add(conversion);
    byHand.add(conversion + upload);
    downloadByHand.add(download + conversion + upload);
  }

  private static double seconds(String... command) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Tools.run(command);
    return (System.nanoTime() - start) / 1e9;
  }

  private void importStaged(Series series, Series conversion) throws Exception {
    var image = client.create("qcow2");
    client.stage(image, qcow2);
    series.add(client.run(image, method(new JsonObject().put("name", "glance-direct"))));
    conversion.add(client.stepSeconds(image, "converting"));
    client.delete(image);
  }

  private void importFromWeb() throws Exception {
    var image = client.create("qcow2");
    var download = new JsonObject().put("name", "web-download").put("uri", url());
    web.add(client.run(image, method(download)));
    client.delete(image);
  }

  private static JsonObject method(JsonObject method) {
    return new JsonObject().put("method", method);
  }

  private String url() {
    return "http://127.0.0.1:%d/imports/%s".formatted(nginx.port(), qcow2.getFileName());
  }
}
