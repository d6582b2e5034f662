package io.vitrine.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Creates and patches of images, next to Glance with the same catalog, and creates next to a route
 * that inserts one row.
 */
final class Changes {
  private static final Route.Targets CREATES = new Route.Targets(15, 0.5);
  private static final Route.Targets PATCHES = new Route.Targets(15, 0);
  private static final String NAME = "created";

  /** Each request changes the next image, so that no two change one at the same time. */
  private static final String PATCH_SCRIPT =
      """
      wrk.method = "PATCH"
      wrk.headers["Content-Type"] = "application/openstack-images-v2.1-json-patch"
      local images = {%s}
      local count = 0
      function request()
        count = count + 1
        local body = '[{"op": "replace", "path": "/name", "value": "patched-' .. count .. '"}]'
        return wrk.format(nil, images[count %% #images + 1], nil, body)
      end
      """;

  private static final String CREATE_SCRIPT =
      """
      wrk.method = "POST"
      wrk.headers["Content-Type"] = "application/json"
      wrk.body = [[%s]]
      """;

  private final Rig rig;
  private final Settings settings;

  Changes(Rig rig) {
    this.rig = rig;
    this.settings = rig.settings();
  }

  void run(Report report) throws Exception {
    var scripts = Files.createDirectories(rig.directory().resolve("scripts"));
    var create = write(scripts.resolve("create.lua"), CREATE_SCRIPT, ImageClient.body(NAME));
    var creates = new ArrayList<Route.Call>();
    var patches = new ArrayList<Route.Call>();
    for (var server : rig.imageServers()) {
      var wrk = new Wrk(server, settings.seconds());
      var file = scripts.resolve("patch-%s.lua".formatted(server.name()));
      var patch = write(file, PATCH_SCRIPT, quoted(rig.images(server)));
      creates.add(new Route.Call(server.name(), wrk, "/v2/images", List.of(create)));
      patches.add(new Route.Call(server.name(), wrk, "/v2/images", List.of(patch)));
    }
    var wrk = new Wrk(rig.bare(), settings.seconds());
    var insert = Optional.of(new Route.Call("bare", wrk, "/", List.of(create)));
    report.note("catalogs of %,d images; bare: one insert".formatted(settings.images()));
    new Route("patch", patches, Optional.empty()).run(report, settings.rounds(), PATCHES);
    new Route("create", creates, insert).run(report, settings.rounds(), CREATES);
    // What follows measures catalogs of certain sizes.
    rig.vitrine().sql("delete from images where name = '%s'".formatted(NAME));
    rig.vitrine().sql("vacuum analyze");
  }

  /** Writes a script; the option that names it. */
  private static String write(Path file, String script, String value) throws IOException {
    Files.writeString(file, script.formatted(value));
    return "--script=" + file;
  }

  private static String quoted(List<String> paths) {
    return '"' + String.join("\", \"", paths) + '"';
  }
}
