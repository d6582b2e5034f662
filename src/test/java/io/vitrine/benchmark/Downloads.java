package io.vitrine.benchmark;

import java.nio.file.Path;

/**
 * Downloads over 1, 8 and 64 connections, next to nginx with sendfile and the same data; each
 * connection reads its share of the image, but at least 128 MiB. The client is {@link RangeClient}
 * for both.
 */
final class Downloads {
  private static final int[] CONNECTIONS = {1, 8, 64};
  private static final int WARM_UP_REQUESTS = 5_000;
  private static final long LEAST_BYTES = 128 << 20;

  private final VitrineProcess server;
  private final Path data;
  private final Path directory;
  private final Settings settings;

  Downloads(VitrineProcess server, Path data, Path directory, Settings settings) {
    this.server = server;
    this.data = data;
    this.directory = directory;
    this.settings = settings;
  }

  void run(Report report) throws Exception {
    var image = server.create("download");
    Curl.upload(server.url(image + "/file"), data);
    try (var nginx = NginxProcess.start(directory)) {
      for (int connections : CONNECTIONS) {
        var theirs =
            new Side(
                new RangeClient(nginx.port(), "/" + data.getFileName(), connections),
                nginx.handle(),
                "nginx");
        var ours =
            new Side(
                new RangeClient(server.port(), image + "/file", connections),
                server.handle(),
                "download");
        theirs.warmUp();
        ours.warmUp();
        for (int round = 0; round < settings.rounds(); round++) {
          theirs.measure();
          ours.measure();
        }
        report.plain(theirs.rate);
        report.plain(theirs.cpu);
        report.atLeast(ours.rate, theirs.rate, 1);
        report.atMost(ours.cpu, theirs.cpu, 1.1);
      }
    }
    server.delete(image);
  }

  /** One of the two servers under one number of connections. */
  private final class Side {
    final RangeClient client;
    final ProcessHandle process;
    final Series rate;
    final Series cpu;

    Side(RangeClient client, ProcessHandle process, String name) {
      this.client = client;
      this.process = process;
      rate = new Series("%s, %d connections, MiB/s".formatted(name, client.connections()));
      cpu = new Series("the same, CPU s/GiB");
    }

    void measure() throws Exception {
      double cpuBefore = Tools.cpuSeconds(process);
      double mib = (double) rangeBytes() * client.connections() / (1 << 20);
      rate.add(mib / client.read(settings.sizeBytes(), rangeBytes()));
      cpu.add((Tools.cpuSeconds(process) - cpuBefore) / (mib / 1024));
    }

    private long rangeBytes() {
      long share = settings.sizeBytes() / client.connections();
      return Math.min(settings.sizeBytes(), Math.max(share, LEAST_BYTES));
    }

    /** Many small reads, until the code that answers a request is compiled. */
    void warmUp() throws Exception {
      for (long read = 0; read < WARM_UP_REQUESTS; read += client.connections()) {
        client.read(settings.sizeBytes(), 1 << 18);
      }
      client.read(settings.sizeBytes(), rangeBytes());
    }
  }
}
