package io.vitrine.benchmark;

import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Optional;

/**
 * Uploads by curl, with a length and chunked, and the downloads that follow at once, next to the
 * bare hashes, a bare write of the same data, nginx that serves it from the page cache, and Glance.
 * Vitrine flushes each image to the disk before it answers; Glance does not.
 */
final class Uploads {
  /** A server runs for weeks; here its first gigabytes, when code is compiled, do not count. */
  private static final int WARM_UPS = 3;

  private final Series hashes = new Series("MD5 and SHA-512 on two threads, MiB/s");
  private final Series hashesCpu = new Series("the same, CPU s/GiB");
  private final Series disk = new Series("file copied and flushed, MiB/s");
  private final Series hot = new Series("nginx, sendfile of the same data, MiB/s");

  private final Rig rig;
  private final Settings settings;
  private final BareHashes bare = new BareHashes();

  Uploads(Rig rig) {
    this.rig = rig;
    this.settings = rig.settings();
  }

  void run(Report report) throws Exception {
    var sides = new ArrayList<UploadSide>();
    for (var server : rig.imageServers()) {
      sides.add(new UploadSide(server, rig.data(), settings));
    }
    bare.run(Math.min(256, settings.sizeMib()));
    for (int warmUp = 0; warmUp < WARM_UPS; warmUp++) {
      for (var side : sides) {
        new UploadSide(side.server(), rig.data(), settings).measure();
      }
    }
    for (int round = 0; round < settings.rounds(); round++) {
      hash();
      for (var side : Turns.of(sides, round)) {
        side.measure();
      }
      download();
      copy();
    }
    report(report, sides.getFirst(), sides.stream().skip(1).findFirst());
  }

  private void report(Report report, UploadSide ours, Optional<UploadSide> glance) {
    report.plain(hashes);
    report.plain(hashesCpu);
    report.plain(disk);
    report.plain(hot);
    glance.ifPresent(side -> side.all().forEach(report::plain));
    ours.all().forEach(report::plain);
    compare(report, "upload with length", ours.sized, glance.map(side -> side.sized));
    report.atMost(ours.sizedCpu.as("its CPU over the bare hashes"), hashesCpu, 1.35);
    compare(report, "upload chunked", ours.chunked, glance.map(side -> side.chunked));
    report.atMost(ours.chunkedCpu.as("its CPU over the bare hashes"), hashesCpu, 1.35);
    var first = ours.first.as("first download, rate over nginx");
    report.atLeast(first, hot, 1);
    report.atLeast(first.as("its rate over Glance"), glance.map(side -> side.first), 1);
    var second = ours.second.as("second download, rate over nginx");
    report.compared(second, hot);
    report.compared(second.as("its rate over Glance"), glance.map(side -> side.second));
  }

  private void compare(Report report, String name, Series rate, Optional<Series> glance) {
    report.atLeast(rate.as(name + ", rate over the bare hashes"), hashes, 0.8);
    report.atLeast(rate.as("its rate over Glance"), glance, 2);
  }

  private void hash() throws Exception {
    var result = bare.run(settings.sizeMib());
    hashes.add(result.mibPerSecond());
    hashesCpu.add(result.cpuSeconds() / settings.sizeGib());
  }

  private void download() throws Exception {
    var client = new DownloadClient(rig.nginx(), "/" + rig.data().getFileName(), 1);
    hot.add(settings.sizeMib() / client.readWhole(settings.sizeBytes()));
  }

  private void copy() throws Exception {
    var copy = rig.data().resolveSibling("copy");
    long start = System.nanoTime();
    try (var in = FileChannel.open(rig.data());
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
}
