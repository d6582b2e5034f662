package io.vitrine.benchmark;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Imports from a web server that sends 200 MiB a second, with conversion to raw meanwhile. The disk
 * is as sparse as that of a small server: 300 MiB of each 2 GiB are data, but the digests need all
 * of it: where they take longer than the download, the import cannot end with it.
 */
final class EarlyImports {
  private static final long BYTES_PER_SECOND = 200L << 20;
  private static final int RUN_BYTES = 6 << 20;
  private static final double DISK_TO_DATA = 2048 / 300.0;
  private static final Pattern CONVERTED = Pattern.compile("millis_after_last_byte=(\\d+)");

  private final Series download = new Series("throttled download, s");
  private final Series whole = new Series("its import with conversion, s");
  private final Series converted = new Series("from the last byte until converted, s");
  private final Series active = new Series("from the last byte until active, s");
  private final Series bound = new Series("download or bare digests, the longer, s");
  private final Series heap = new Series("peak heap of these imports, MiB");

  private final BareHashes bare = new BareHashes();
  private final ImportClient client;
  private final VitrineProcess server;
  private final Path directory;
  private final Settings settings;

  EarlyImports(ImportClient client, VitrineProcess server, Path directory, Settings settings) {
    this.client = client;
    this.server = server;
    this.directory = directory;
    this.settings = settings;
  }

  /** Where the image is served from. */
  static ThrottledSource source(Path directory) throws IOException {
    return new ThrottledSource(directory.resolve("sparse.qcow2"), BYTES_PER_SECOND);
  }

  void run(ThrottledSource source, Report report) throws Exception {
    write(directory.resolve("sparse.qcow2"));
    importFrom(source, new Series("warm-up"), new Series("warm-up"));
    for (int round = 0; round < settings.rounds(); round++) {
      try (var peak = new PeakHeap(server)) {
        importFrom(source, whole, active);
        heap.add(peak.mib());
      }
      download.add(source.seconds());
      double digests = settings.sizeMib() / bare.run(settings.sizeMib()).mibPerSecond();
      bound.add(Math.max(source.seconds(), digests));
      converted.add(secondsUntilConverted());
    }
    Files.delete(directory.resolve("sparse.qcow2"));
    report.plain(download);
    report.plain(bound);
    report.compared(whole, bound);
    report.compared(converted, download);
    report.compared(active, download);
    report.plain(heap);
  }

  private void write(Path qcow2) throws Exception {
    var data = directory.resolve("random");
    var raw = directory.resolve("sparse.raw");
    RandomFile.write(data, Math.round(settings.sizeBytes() / DISK_TO_DATA));
    try (var in = new RandomAccessFile(data.toFile(), "r");
        var out = new RandomAccessFile(raw.toFile(), "rw")) {
      out.setLength(settings.sizeBytes());
      for (long done = 0; done < in.length(); done += RUN_BYTES) {
        out.seek(Math.round(done * DISK_TO_DATA));
        in.getChannel().transferTo(done, RUN_BYTES, out.getChannel());
      }
    }
    Tools.run("qemu-img", "convert", "-O", "qcow2", raw.toString(), qcow2.toString());
    Files.delete(data);
    Files.delete(raw);
  }

  private void importFrom(ThrottledSource source, Series seconds, Series afterTheLastByte)
      throws Exception {
    var image = client.create("qcow2");
    var method = new JsonObject().put("name", "web-download").put("uri", source.url());
    seconds.add(client.run(image, new JsonObject().put("method", method)));
    afterTheLastByte.add(source.secondsSinceTheLastByte());
    client.delete(image);
  }

  /** As the server's log has it for the latest import. */
  private double secondsUntilConverted() throws IOException {
    var log = Files.readString(directory.resolve("vitrine.log"));
    return CONVERTED
            .matcher(log)
            .results()
            .map((MatchResult found) -> Double.parseDouble(found.group(1)))
            .reduce((earlier, later) -> later)
            .orElseThrow()
        / 1000;
  }
}
