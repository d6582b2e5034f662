package io.vitrine.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Many uploads at once, each of its share of the size, next to the bare hashes of as many bytes and
 * to Glance.
 */
final class ParallelUploads {
  private static final int[] UPLOADS = {16, 64};

  private final Series hashes;
  private final Series hashesCpu = new Series("the same, CPU s/GiB");

  private final Settings settings;
  private final List<Side> sides = new ArrayList<>();
  private final BareHashes bare = new BareHashes();
  private final int uploads;
  private final long imageMib;

  private ParallelUploads(Rig rig, int uploads) throws Exception {
    this.settings = rig.settings();
    this.uploads = uploads;
    imageMib = settings.shareMib(uploads, 1);
    hashes = new Series("bare hashes of %d × %d MiB, MiB/s".formatted(uploads, imageMib));
    for (var server : rig.imageServers()) {
      sides.add(new Side(server, new UploadClient(server, rig.data(), imageMib << 20)));
    }
  }

  static void runAll(Rig rig, Report report) throws Exception {
    for (int uploads : UPLOADS) {
      new ParallelUploads(rig, uploads).run(report);
    }
  }

  private void run(Report report) throws Exception {
    for (var side : sides) {
      new Side(side.server, side.client).measure();
    }
    for (int round = 0; round < settings.rounds(); round++) {
      var result = bare.run(totalMib());
      hashes.add(result.mibPerSecond());
      hashesCpu.add(result.cpuSeconds() * 1024 / totalMib());
      for (var side : Turns.of(sides, round)) {
        side.measure();
      }
    }
    report(report, sides.getFirst(), sides.stream().skip(1).findFirst());
  }

  private void report(Report report, Side ours, Optional<Side> glance) {
    report.plain(hashes);
    report.plain(hashesCpu);
    glance.map(side -> side.rate).ifPresent(report::plain);
    glance.map(side -> side.cpu).ifPresent(report::plain);
    report.plain(ours.rate);
    report.plain(ours.cpu);
    report.compared(ours.rate.as("rate over the bare hashes"), hashes);
    report.atLeast(ours.rate.as("rate over Glance"), glance.map(side -> side.rate), 2);
    report.atMost(ours.cpu.as("CPU over the bare hashes"), hashesCpu, 1.35);
    sides.forEach(side -> report.refusals(side.server.name(), side.refusals));
  }

  private long totalMib() {
    return uploads * imageMib;
  }

  /** One of the servers. */
  private final class Side {
    final ImageServer server;
    final UploadClient client;
    final Series rate;
    final Series cpu = new Series("the same, server's CPU s/GiB");

    int refusals;

    Side(ImageServer server, UploadClient client) {
      this.server = server;
      this.client = client;
      rate = new Series("%s, %d uploads at once, MiB/s".formatted(server.name(), uploads));
    }

    void measure() throws Exception {
      var images = client.create(uploads);
      double cpuBefore = server.cpuSeconds();
      var result = client.upload(images);
      rate.add(totalMib() / result.seconds());
      refusals += result.refusals();
      cpu.add((server.cpuSeconds() - cpuBefore) * 1024 / totalMib());
      client.delete(images);
    }
  }
}
