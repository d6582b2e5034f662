package io.vitrine.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** wrk as the client of the JSON API, for a number of seconds. */
record Wrk(WebServer server, int seconds) {
  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s*([\\d.]+)");
  private static final Pattern P50 = Pattern.compile("50%\\s+([\\d.]+)(us|ms|s)");
  private static final Pattern P99 = Pattern.compile("99%\\s+([\\d.]+)(us|ms|s)");

  /** Requests per second, and within how many milliseconds half and nearly all are answered. */
  record Result(Series rate, Series p50, Series p99) {
    static Result named(String name) {
      return new Result(
          new Series(name),
          new Series("the same, 50 % within ms"),
          new Series("the same, 99 % within ms"));
    }
  }

  /**
   * Asks for a path again and again, and adds what came out.
   *
   * @param options more of wrk, such as a script that makes the requests
   */
  void run(String path, int connections, Result result, String... options)
      throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                "wrk",
                "--threads=1",
                "--connections=" + connections,
                "--duration=%ds".formatted(seconds),
                "--timeout=20s",
                "--latency",
                "--header=X-Auth-Token: " + server.token()));
    command.addAll(List.of(options));
    command.add(server.url(path));
    var output = Tools.run(command.toArray(String[]::new));
    var perSecond = RATE.matcher(output);
    var half = P50.matcher(output);
    var most = P99.matcher(output);
    if (output.contains("Non-2xx") || !perSecond.find() || !half.find() || !most.find()) {
      throw new IOException("wrk says\n" + output);
    }
    // What answered nothing in that time gets the benefit of the doubt.
    result.rate().add(Math.max(Double.parseDouble(perSecond.group(1)), 1.0 / seconds));
    result.p50().add(Double.parseDouble(half.group(1)) * millis(half.group(2)));
    result.p99().add(Double.parseDouble(most.group(1)) * millis(most.group(2)));
  }

  private static double millis(String unit) {
    return switch (unit) {
      case "us" -> 0.001;
      case "ms" -> 1;
      default -> 1000;
    };
  }
}
