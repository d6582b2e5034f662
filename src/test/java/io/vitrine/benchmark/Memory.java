package io.vitrine.benchmark;

import java.nio.file.Files;

/** The resident memory of a fresh server: idle, and its peaks during one upload and during many. */
final class Memory {
  private static final int UPLOADS = 200;
  private static final int MIB_EACH = 16;

  private final Rig rig;
  private final Settings settings;
  private final long eachMib;
  private final Series idle = new Series("memory, idle, MiB");
  private final Series one = new Series("memory, peak of one upload, MiB");
  private final Series many;
  private int refusals;

  Memory(Rig rig) {
    this.rig = rig;
    this.settings = rig.settings();
    eachMib = Math.min(MIB_EACH, settings.sizeMib());
    many = new Series("memory, peak of %d × %d MiB, MiB".formatted(UPLOADS, eachMib));
  }

  void run(Report report) throws Exception {
    var home = Files.createDirectories(rig.directory().resolve("memory"));
    var warm = WarmStart.in(rig.directory());
    for (int round = 0; round < settings.rounds(); round++) {
      try (var server = VitrineProcess.start(home, settings.heap(), "", warm)) {
        idle.add(server.memoryMib());
        measure(server);
      }
    }
    report.atMost(idle, 150);
    report.atMost(one, 384);
    report.atMost(many, 512);
    report.refusals("Vitrine", refusals);
  }

  private void measure(VitrineProcess server) throws Exception {
    server.forgetPeak();
    var image = server.create("memory");
    Curl.upload(server.url(image + "/file"), rig.data());
    server.delete(image);
    one.add(server.peakMemoryMib());
    server.forgetPeak();
    var client = new UploadClient(server, rig.data(), eachMib << 20);
    var images = client.create(UPLOADS);
    refusals += client.upload(images).refusals();
    client.delete(images);
    many.add(server.peakMemoryMib());
  }
}
