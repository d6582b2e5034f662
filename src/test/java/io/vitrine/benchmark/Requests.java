package io.vitrine.benchmark;

import java.util.Map;

/**
 * Lists of 25 images and single images by wrk, over 1, 16 and 64 connections, against what Debian's
 * Glance did on this kind of machine with 1,000 images, PostgreSQL and two workers.
 */
final class Requests {
  private static final Map<Integer, Double> GLANCE_LISTS = Map.of(1, 14.0, 16, 52.0, 64, 69.0);
  private static final Map<Integer, Double> GLANCE_SHOWS = Map.of(1, 104.0, 16, 196.0, 64, 118.0);
  private static final int[] CONNECTIONS = {1, 16, 64};
  private static final double TARGET = 20;

  private final VitrineProcess server;
  private final Settings settings;
  private final Wrk wrk;

  Requests(VitrineProcess server, Settings settings) {
    this.server = server;
    this.settings = settings;
    this.wrk = new Wrk(server, settings.seconds());
  }

  void run(Report report) throws Exception {
    var image = "";
    for (int number = 0; number < settings.images(); number++) {
      image = server.create("image-" + number);
    }
    // PostgreSQL does this itself within a minute; until then it plans for an empty table.
    server.sql("vacuum analyze images, members");
    measure(report, "list of 25", "/v2/images?limit=25", GLANCE_LISTS);
    measure(report, "show", image, GLANCE_SHOWS);
  }

  private void measure(Report report, String name, String path, Map<Integer, Double> glance)
      throws Exception {
    wrk.run(path, 16, Wrk.Result.named("warm-up"));
    for (int connections : CONNECTIONS) {
      var result = Wrk.Result.named("%s, %d connections, requests/s".formatted(name, connections));
      for (int round = 0; round < settings.rounds(); round++) {
        wrk.run(path, connections, result);
      }
      report.atLeast(result.rate(), glance.getOrDefault(connections, 0.0), TARGET);
      report.plain(result.p99());
    }
  }
}
