package io.vitrine.benchmark;

import io.vitrine.catalog.database.DatabaseAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the parts share. Each server is started when a part first asks for it, and ends with all.
 */
final class Rig implements AutoCloseable {
  private static final int FILLERS = 16;

  private final Path directory;
  private final Settings settings;
  private final Deque<Runnable> ends = new ArrayDeque<>();
  private final Map<ImageServer, List<String>> images = new HashMap<>();
  private @Nullable VitrineProcess vitrine;
  private @Nullable GlanceProcess glance;
  private @Nullable BareProcess bare;
  private @Nullable NginxProcess nginx;
  private @Nullable PeerDatabase database;

  Rig(Path directory, Settings settings) {
    this.directory = directory;
    this.settings = settings;
  }

  Settings settings() {
    return settings;
  }

  Path directory() {
    return directory;
  }

  VitrineProcess vitrine() throws Exception {
    if (vitrine == null) {
      vitrine = VitrineProcess.start(directory, settings.heap());
      ends.push(vitrine::close);
    }
    return vitrine;
  }

  /** Debian's Glance, unless it is not installed. */
  Optional<GlanceProcess> glance() throws Exception {
    if (glance == null && GlanceProcess.isInstalled()) {
      var home = Files.createDirectories(directory.resolve("glance"));
      glance = GlanceProcess.start(home, database("glance"));
      ends.push(glance::close);
    }
    return Optional.ofNullable(glance);
  }

  /** Vitrine, then Glance if it is installed. */
  List<ImageServer> imageServers() throws Exception {
    var servers = new ArrayList<ImageServer>(List.of(vitrine()));
    glance().ifPresent(servers::add);
    return servers;
  }

  BareProcess bare() throws Exception {
    if (bare == null) {
      var log = directory.resolve("bare.log");
      bare = BareProcess.start(log, settings.heap(), database("bare"));
      ends.push(bare::close);
    }
    return bare;
  }

  /** nginx, which serves the files beside {@link #data}. */
  NginxProcess nginx() throws Exception {
    if (nginx == null) {
      nginx = NginxProcess.start(served());
      ends.push(nginx::close);
    }
    return nginx;
  }

  /** The data of an image of the size. */
  Path data() throws IOException {
    return data(settings.sizeMib());
  }

  /** The data of an image of that many MiB, in the page cache if nothing has pushed it out. */
  Path data(long sizeMib) throws IOException {
    var file = served().resolve("data-" + sizeMib);
    if (!Files.exists(file)) {
      RandomFile.write(file, sizeMib << 20);
    }
    return file;
  }

  private Path served() throws IOException {
    return Files.createDirectories(directory.resolve("served"));
  }

  /** The paths of images in the catalog of a server, which is filled when it is first asked for. */
  List<String> images(ImageServer server) throws Exception {
    var present = images.get(server);
    if (present == null) {
      present = fill(server);
      images.put(server, present);
    }
    return present;
  }

  private List<String> fill(ImageServer server) throws Exception {
    var paths = new String[settings.images()];
    Crowd.run(
        FILLERS,
        number -> {
          for (int image = number; image < paths.length; image += FILLERS) {
            paths[image] = server.create("image-" + image);
          }
        });
    // PostgreSQL does this itself within a minute; until then it plans for empty tables.
    server.sql("vacuum analyze");
    return Arrays.asList(paths);
  }

  private DatabaseAddress database(String name) throws IOException, InterruptedException {
    if (database == null) {
      database = PeerDatabase.start(directory.resolve("peers"));
      ends.push(database::close);
    }
    return database.create(name);
  }

  /** Ends all servers, those that were started last first. */
  @Override
  public void close() {
    while (!ends.isEmpty()) {
      ends.pop().run();
    }
  }
}
