package io.vitrine.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One kind of request, which wrk sends over 1, 16 and 64 connections to Vitrine, to Glance, and to
 * a {@link BareServer}, in turns.
 *
 * @param calls to Vitrine, and to Glance if it takes part
 * @param bare the least that such a request needs, if there is that
 */
record Route(String name, List<Call> calls, Optional<Call> bare) {
  private static final int[] CONNECTIONS = {1, 16, 64};
  private static final int WARM_UP_CONNECTIONS = 16;

  /**
   * What one server is asked.
   *
   * @param options of wrk
   */
  record Call(String server, Wrk wrk, String path, List<String> options) {
    void run(int connections, Wrk.Result result) throws Exception {
      wrk.run(path, connections, result, options.toArray(String[]::new));
    }
  }

  /**
   * The rates that Vitrine should have.
   *
   * @param overGlance as a multiple of Glance's
   * @param overBare as a part of the bare route's
   */
  record Targets(double overGlance, double overBare) {}

  void run(Report report, int rounds, Targets targets) throws Exception {
    for (var side : sides(WARM_UP_CONNECTIONS)) {
      side.measure();
    }
    for (int connections : CONNECTIONS) {
      var sides = sides(connections);
      for (int round = 0; round < rounds; round++) {
        for (var side : Turns.of(sides, round)) {
          side.measure();
        }
      }
      report(report, sides, targets);
    }
  }

  private List<Side> sides(int connections) {
    var sides = new ArrayList<Side>();
    calls.forEach(call -> sides.add(new Side(call, connections)));
    bare.ifPresent(call -> sides.add(new Side(call, connections)));
    return sides;
  }

  private void report(Report report, List<Side> sides, Targets targets) {
    var ours = sides.getFirst().result;
    var peers = sides.stream().skip(1).map(side -> side.result.rate()).toList();
    peers.forEach(report::plain);
    report.plain(ours.rate());
    report.plain(ours.p99());
    var glance = calls.size() > 1 ? Optional.of(peers.getFirst()) : Optional.<Series>empty();
    report.atLeast(ours.rate().as("rate over Glance"), glance, targets.overGlance());
    if (bare.isPresent()) {
      report.atLeast(
          ours.rate().as("rate over the bare route"), peers.getLast(), targets.overBare());
    }
  }

  /** One of the servers under a number of connections. */
  private final class Side {
    final Call call;
    final int connections;
    final Wrk.Result result;

    Side(Call call, int connections) {
      this.call = call;
      this.connections = connections;
      result =
          Wrk.Result.named(
              "%s, %s, %d at once, requests/s".formatted(call.server(), name, connections));
    }

    void measure() throws Exception {
      call.run(connections, result);
    }
  }
}
