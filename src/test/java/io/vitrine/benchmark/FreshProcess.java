package io.vitrine.benchmark;

import java.nio.file.Files;

/**
 * What the first image costs that goes through a process that was just started, next to a later
 * one.
 */
final class FreshProcess {
  private final Series start = new Series("start of a process until it is ready, CPU s");
  private final Series firstUp;
  private final Series lastUp;
  private final Series firstDown;
  private final Series lastDown;

  private final Rig rig;
  private final Settings settings;

  FreshProcess(Rig rig) {
    this.rig = rig;
    this.settings = rig.settings();
    var name = "%s number %d through a process, CPU s/GiB";
    firstUp = new Series(name.formatted("upload", 1));
    lastUp = new Series(name.formatted("upload", settings.uploads()));
    firstDown = new Series(name.formatted("download", 1));
    lastDown = new Series(name.formatted("download", settings.uploads()));
  }

  void run(Report report) throws Exception {
    var home = Files.createDirectories(rig.directory().resolve("cold"));
    var warm = WarmStart.in(rig.directory());
    // The database and what else only the very first start makes are there afterwards.
    VitrineProcess.start(home, settings.heap()).close();
    for (int round = 0; round < settings.rounds(); round++) {
      try (var server = VitrineProcess.start(home, settings.heap(), "", warm)) {
        start.add(server.cpuSeconds());
        for (int number = 1; number <= settings.uploads(); number++) {
          measure(server, number);
        }
      }
    }
    report.plain(start);
    report.plain(lastUp);
    report.plain(firstUp);
    report.atMost(firstUp.as("the first over the later"), lastUp, 1.15);
    report.plain(lastDown);
    report.plain(firstDown);
    report.compared(firstDown.as("the first over the later"), lastDown);
  }

  private void measure(VitrineProcess server, int number) throws Exception {
    var image = server.create("cold");
    double start = server.cpuSeconds();
    Curl.upload(server.url(image + "/file"), rig.data());
    double between = server.cpuSeconds();
    new DownloadClient(server, image + "/file", 1).readWhole(settings.sizeBytes());
    double end = server.cpuSeconds();
    server.delete(image);
    if (number == 1) {
      firstUp.add((between - start) / settings.sizeGib());
      firstDown.add((end - between) / settings.sizeGib());
    }
    if (number == settings.uploads()) {
      lastUp.add((between - start) / settings.sizeGib());
      lastDown.add((end - between) / settings.sizeGib());
    }
  }
}
