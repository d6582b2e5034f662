package io.vitrine.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Many clients that download one whole image, as when a group of servers boots: right after its
 * upload, and when it has left the page cache. nginx serves the same data next to it.
 */
final class BootStorm {
  private static final int CLIENTS = 64;

  private final Rig rig;
  private final Settings settings;
  private final long imageMib;

  BootStorm(Rig rig) {
    this.rig = rig;
    this.settings = rig.settings();
    this.imageMib = settings.shareMib(8, 16);
  }

  void run(Report report) throws Exception {
    var data = rig.data(imageMib);
    var nginx = new Side("nginx", rig.nginx());
    var services = new ArrayList<Side>();
    for (var server : rig.imageServers()) {
      services.add(new Side(server.name(), server));
      new Side(server.name(), server).measure(server, data);
    }
    for (int round = 0; round < settings.rounds(); round++) {
      nginx.measure("/" + data.getFileName(), data);
      for (var side : Turns.of(services, round)) {
        side.measure((ImageServer) side.server, data);
      }
    }
    report.note("%d clients download an image of %d MiB each".formatted(CLIENTS, imageMib));
    report.note("hot: just uploaded; cold: dropped from the page cache");
    nginx.all().forEach(report::plain);
    report(report, services, nginx);
  }

  private void report(Report report, List<Side> services, Side nginx) {
    var ours = services.getFirst();
    var glance = services.stream().skip(1).findFirst();
    glance.ifPresent(side -> side.all().forEach(report::plain));
    ours.all().forEach(report::plain);
    report.compared(ours.hot.as("hot, rate over nginx"), nginx.hot);
    report.compared(ours.hotCpu.as("its CPU over nginx"), nginx.hotCpu);
    report.compared(ours.hot.as("its rate over Glance"), glance.map(side -> side.hot));
    report.compared(ours.cold.as("cold, rate over nginx"), nginx.cold);
    report.compared(ours.coldCpu.as("its CPU over nginx"), nginx.coldCpu);
    report.compared(ours.cold.as("its rate over Glance"), glance.map(side -> side.cold));
  }

  /** One of the servers. */
  private final class Side {
    final WebServer server;
    final Series hot;
    final Series hotCpu = new Series("the same, CPU s/GiB");
    final Series cold;
    final Series coldCpu = new Series("the same, CPU s/GiB");

    Side(String name, WebServer server) {
      this.server = server;
      hot = new Series("%s, %d clients, hot, MiB/s".formatted(name, CLIENTS));
      cold = new Series("%s, %d clients, cold, MiB/s".formatted(name, CLIENTS));
    }

    List<Series> all() {
      return List.of(hot, hotCpu, cold, coldCpu);
    }

    void measure(ImageServer images, Path data) throws Exception {
      var image = images.create("storm");
      Curl.upload(images.url(image + "/file"), data);
      measure(image + "/file", PageCache.newest(images.store(), imageMib << 20));
      images.delete(image);
    }

    void measure(String path, Path file) throws Exception {
      download(path, hot, hotCpu);
      PageCache.drop(file);
      download(path, cold, coldCpu);
    }

    private void download(String path, Series rate, Series cpu) throws Exception {
      double totalMib = (double) imageMib * CLIENTS;
      double cpuBefore = server.cpuSeconds();
      rate.add(totalMib / new DownloadClient(server, path, CLIENTS).readWhole(imageMib << 20));
      cpu.add((server.cpuSeconds() - cpuBefore) * 1024 / totalMib);
    }
  }
}
