package io.vitrine.benchmark;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Uploads by curl, with a length and chunked, each next to the bare hashes and a bare write of the
 * same data. The server flushes each image to the disk before it answers.
 */
final class Uploads {
  /**
   * A server runs for weeks; its first gigabytes, while code is still being compiled, do not count.
   */
  private static final int WARM_UPS = 3;

  private final Series hashes = new Series("MD5 and SHA-512 on two threads, MiB/s");
  private final Series hashesCpu = new Series("the same, CPU s/GiB");
  private final Series disk = new Series("file copied and flushed, MiB/s");
  private final Series sized = new Series("upload with length, MiB/s");
  private final Series sizedCpu = new Series("the same, server's CPU s/GiB");
  private final Series chunked = new Series("upload chunked, MiB/s");
  private final Series chunkedCpu = new Series("the same, server's CPU s/GiB");

  private final VitrineProcess server;
  private final Path data;
  private final Settings settings;
  private final BareHashes bare = new BareHashes();

  Uploads(VitrineProcess server, Path data, Settings settings) {
    this.server = server;
    this.data = data;
    this.settings = settings;
  }

  void run(Report report) throws Exception {
    bare.run(256);
    for (int warmUp = 0; warmUp < WARM_UPS; warmUp++) {
      upload(new Series("warm-up"), new Series("warm-up"));
    }
    for (int round = 0; round < settings.rounds(); round++) {
      hash();
      upload(sized, sizedCpu);
      upload(chunked, chunkedCpu, "-H", "Transfer-Encoding: chunked");
      copy();
    }
    report.plain(hashes);
    report.plain(hashesCpu);
    report.plain(disk);
    report.atLeast(sized, hashes, 0.7);
    report.atMost(sizedCpu, hashesCpu, 1.8);
    report.atLeast(chunked, hashes, 0.7);
    report.atMost(chunkedCpu, sizedCpu, 1.1);
  }

  private void hash() throws Exception {
    var result = bare.run(settings.sizeMib());
    hashes.add(result.mibPerSecond());
    hashesCpu.add(result.cpuSeconds() / settings.sizeGib());
  }

  private void copy() throws Exception {
    var copy = data.resolveSibling("copy");
    long start = System.nanoTime();
    try (var in = FileChannel.open(data);
        var out =
            FileChannel.open(
                copy,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE)) {
      for (long done = 0; done < in.size(); ) {
        done += in.transferTo(done, 1 << 20, out);
      }
      out.force(false);
    }
    disk.add(settings.sizeMib() * 1e9 / (System.nanoTime() - start));
  }

  private void upload(Series rate, Series cpu, String... options) throws Exception {
    var image = server.create("upload");
    double cpuBefore = server.cpuSeconds();
    rate.add(settings.sizeMib() / Curl.upload(server.url(image + "/file"), data, options));
    cpu.add((server.cpuSeconds() - cpuBefore) / settings.sizeGib());
    server.delete(image);
  }
}
