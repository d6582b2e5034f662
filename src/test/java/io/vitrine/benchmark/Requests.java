package io.vitrine.benchmark;

import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Lists of 25 images and single images by wrk, over 1, 16 and 64 connections, against what Debian's
 * Glance did on this kind of machine with 1,000 images, PostgreSQL and two workers.
 */
final class Requests {
  private static final Map<Integer, Double> GLANCE_LISTS = Map.of(1, 14.0, 16, 52.0, 64, 69.0);
  private static final Map<Integer, Double> GLANCE_SHOWS = Map.of(1, 104.0, 16, 196.0, 64, 118.0);
  private static final int[] CONNECTIONS = {1, 16, 64};
  private static final double TARGET = 20;
  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s*([\\d.]+)");
  private static final Pattern P99 = Pattern.compile("99%\\s+([\\d.]+)(us|ms|s)");

  private final VitrineProcess server;
  private final Settings settings;

  Requests(VitrineProcess server, Settings settings) {
    this.server = server;
    this.settings = settings;
  }

  void run(Report report) throws Exception {
    var image = "";
    for (int number = 0; number < settings.images(); number++) {
      image = server.create("image-" + number);
    }
    measure(report, "list of 25", "/v2/images?limit=25", GLANCE_LISTS);
    measure(report, "show", image, GLANCE_SHOWS);
  }

  private void measure(Report report, String name, String path, Map<Integer, Double> glance)
      throws Exception {
    wrk(path, 16, new Series("warm-up"), new Series("warm-up"));
    for (int connections : CONNECTIONS) {
      var rate = new Series("%s, %d connections, requests/s".formatted(name, connections));
      var p99 = new Series("the same, 99 % within ms");
      for (int round = 0; round < settings.rounds(); round++) {
        wrk(path, connections, rate, p99);
      }
      report.atLeast(rate, glance.getOrDefault(connections, 0.0), TARGET);
      report.plain(p99);
    }
  }

  private void wrk(String path, int connections, Series rate, Series p99) throws Exception {
    var output =
        Tools.run(
            "wrk",
            "--threads=1",
            "--connections=" + connections,
            "--duration=%ds".formatted(settings.seconds()),
            "--latency",
            server.url(path));
    var perSecond = RATE.matcher(output);
    var percentile = P99.matcher(output);
    if (output.contains("Non-2xx") || !perSecond.find() || !percentile.find()) {
      throw new IOException("wrk says\n" + output);
    }
    rate.add(Double.parseDouble(perSecond.group(1)));
    p99.add(Double.parseDouble(percentile.group(1)) * millis(percentile.group(2)));
  }

  private static double millis(String unit) {
    return switch (unit) {
      case "us" -> 0.001;
      case "ms" -> 1;
      default -> 1000;
    };
  }
}
