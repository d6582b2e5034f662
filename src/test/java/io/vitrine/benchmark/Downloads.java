package io.vitrine.benchmark;

/**
 * Downloads over 1, 8 and 64 connections, next to nginx with sendfile and the same data: ranges of
 * a large image, and whole images. Each connection reads its share of the size, but at least 128
 * MiB. The client is {@link DownloadClient} for both.
 */
final class Downloads {
  private static final int[] CONNECTIONS = {1, 8, 64};
  private static final int WARM_UP_REQUESTS = 5_000;
  private static final int WARM_UP_BYTES = 1 << 18;
  private static final long LEAST_MIB = 128;

  private final Rig rig;
  private final Settings settings;

  Downloads(Rig rig) {
    this.rig = rig;
    this.settings = rig.settings();
  }

  void run(Report report) throws Exception {
    long size = settings.sizeMib();
    var image = upload(size);
    warmUp(new DownloadClient(rig.nginx(), file(size), 1));
    warmUp(new DownloadClient(rig.vitrine(), image + "/file", 1));
    for (int connections : CONNECTIONS) {
      var mode = new Mode(false, connections, settings.shareMib(connections, LEAST_MIB), size);
      compare(report, mode, image);
    }
    rig.vitrine().delete(image);
    for (int connections : CONNECTIONS) {
      long share = settings.shareMib(connections, LEAST_MIB);
      var other = upload(share);
      compare(report, new Mode(true, connections, share, share), other);
      rig.vitrine().delete(other);
    }
  }

  /** Many small reads, until the code that answers a request is compiled. */
  private void warmUp(DownloadClient client) throws Exception {
    for (int request = 0; request < WARM_UP_REQUESTS; request++) {
      client.readRanges(settings.sizeBytes(), WARM_UP_BYTES);
    }
    client.readRanges(settings.sizeBytes(), settings.sizeBytes());
  }

  private String upload(long sizeMib) throws Exception {
    var image = rig.vitrine().create("download");
    Curl.upload(rig.vitrine().url(image + "/file"), rig.data(sizeMib));
    return image;
  }

  private String file(long sizeMib) throws Exception {
    return "/" + rig.data(sizeMib).getFileName();
  }

  private void compare(Report report, Mode mode, String image) throws Exception {
    var theirs = new Side("nginx", rig.nginx(), file(mode.sizeMib()), mode);
    var ours = new Side("Vitrine", rig.vitrine(), image + "/file", mode);
    if (mode.isWhole()) {
      // What was just uploaded may not be in the page cache.
      ours.read();
    }
    for (int round = 0; round < settings.rounds(); round++) {
      theirs.measure();
      ours.measure();
    }
    report.plain(theirs.rate);
    report.plain(theirs.cpu);
    report.plain(ours.rate);
    report.plain(ours.cpu);
    report.atLeast(ours.rate.as("rate over nginx"), theirs.rate, 1);
    report.atMost(ours.cpu.as("CPU over nginx"), theirs.cpu, 1);
  }

  /**
   * How it is read.
   *
   * @param shareMib what each connection reads of the size
   */
  private record Mode(boolean isWhole, int connections, long shareMib, long sizeMib) {
    String name() {
      return isWhole ? "whole images" : "ranges";
    }

    double totalMib() {
      return (double) shareMib * connections;
    }
  }

  /** One of the two servers. */
  private static final class Side {
    final WebServer server;
    final DownloadClient client;
    final Mode mode;
    final Series rate;
    final Series cpu = new Series("the same, CPU s/GiB");

    Side(String name, WebServer server, String path, Mode mode) {
      this.server = server;
      this.client = new DownloadClient(server, path, mode.connections());
      this.mode = mode;
      rate =
          new Series("%s, %s, %d at once, MiB/s".formatted(name, mode.name(), mode.connections()));
    }

    void measure() throws Exception {
      double cpuBefore = server.cpuSeconds();
      rate.add(mode.totalMib() / read());
      cpu.add((server.cpuSeconds() - cpuBefore) * 1024 / mode.totalMib());
    }

    double read() throws Exception {
      return mode.isWhole()
          ? client.readWhole(mode.sizeMib() << 20)
          : client.readRanges(mode.sizeMib() << 20, mode.shareMib() << 20);
    }
  }
}
