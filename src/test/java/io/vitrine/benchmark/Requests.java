package io.vitrine.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lists of 25 images and single images, next to Glance with the same catalog and to a route that
 * runs {@code select 1}.
 */
final class Requests {
  private static final Route.Targets LISTS = new Route.Targets(40, 0.25);
  private static final Route.Targets SHOWS = new Route.Targets(30, 0.45);

  private final Rig rig;
  private final Settings settings;

  Requests(Rig rig) {
    this.rig = rig;
    this.settings = rig.settings();
  }

  void run(Report report) throws Exception {
    var lists = new ArrayList<Route.Call>();
    var shows = new ArrayList<Route.Call>();
    for (var server : rig.imageServers()) {
      var wrk = new Wrk(server, settings.seconds());
      lists.add(new Route.Call(server.name(), wrk, "/v2/images?limit=25", List.of()));
      shows.add(new Route.Call(server.name(), wrk, rig.images(server).getLast(), List.of()));
    }
    var wrk = new Wrk(rig.bare(), settings.seconds());
    var select = Optional.of(new Route.Call("bare", wrk, "/", List.of()));
    report.note("catalogs of %,d images; bare: select 1".formatted(settings.images()));
    new Route("list of 25", lists, select).run(report, settings.rounds(), LISTS);
    new Route("show", shows, select).run(report, settings.rounds(), SHOWS);
  }
}
