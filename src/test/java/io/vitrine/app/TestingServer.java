package io.vitrine.app;

import io.vitrine.app.lifecycle.TestingStop;
import io.vitrine.catalog.TestingDatabase;
import io.vitrine.settings.VitrineConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A whole server on free ports, with a database and a data directory of its own and the backends
 * "local" and "archive". The database belongs to the directory and outlives the server.
 */
public final class TestingServer implements AutoCloseable {
  /** Owner of the images that the server makes. */
  public static final String PROJECT = "testing";

  private static final String DATABASE_URL = "VITRINE_DATABASE__URL";

  private final Path directory;
  private final Server server;

  private TestingServer(Path directory, Server server) {
    this.directory = directory;
    this.server = server;
  }

  /** A directory below the build's, which PostgreSQL's user can reach. */
  public static Path newDirectory() throws IOException {
    return Files.createTempDirectory(Files.createDirectories(Path.of("target")), "server-")
        .toAbsolutePath();
  }

  /** A setting for {@link #start}: the server has a PostgreSQL of its own in its directory. */
  public static final Map<String, String> EMBEDDED = Map.of(DATABASE_URL, "");

  /** Starts a server; the settings are by the names of the environment's variables. */
  public static TestingServer start(Path directory, Map<String, String> settings) throws Exception {
    return start(directory, settings, "");
  }

  /** Starts a server with more configuration, in YAML. */
  public static TestingServer start(Path directory, Map<String, String> settings, String yaml)
      throws Exception {
    var more = Files.writeString(directory.resolve("more.yaml"), yaml);
    var file = directory.resolve("vitrine.yaml");
    Files.writeString(
        file,
        """
        http: {port: 0}
        uwsgi: {host: 127.0.0.1, port: 0}
        management: {port: 0}
        identity: {project: %s}
        data: {dir: %s}
        database: {url: "%s"}
        stores: {backends: {local: {}, archive: {description: Old images}}}
        import: {web_download: {allowed_networks: [127.0.0.0/8], retry_pause: 20ms}}
        """
            .formatted(PROJECT, directory.resolve("data"), database(directory, settings)));
    var environment = new HashMap<>(System.getenv());
    environment.putAll(settings);
    return new TestingServer(
        directory,
        Server.start(VitrineConfig.load(List.of(file, more), environment), TestingStop.request()));
  }

  private static String database(Path directory, Map<String, String> settings) {
    return settings.containsKey(DATABASE_URL) ? "" : TestingDatabase.of(directory).toUrl();
  }

  /** The port of the API. */
  public int port() {
    return server.port();
  }

  /** The port of the uwsgi protocol. */
  public int uwsgiPort() {
    return server.uwsgiPort();
  }

  /** The port of metrics and health. */
  public int managementPort() {
    return server.managementPort();
  }

  /** The files of image data and staged data, those half written too. */
  public List<Path> blobs() {
    return files(directory.resolve("data/stores"), directory.resolve("data/staging"));
  }

  /** The files of staged data, those half written too. */
  public List<Path> staged() {
    return files(directory.resolve("data/staging"));
  }

  /** All that images take on the disk: stored, staged or worked on. */
  public List<Path> files() {
    return Stream.concat(blobs().stream(), scratch().stream()).toList();
  }

  /** Where signers' certificates are looked for. */
  public Path certificates() {
    return directory.resolve("data/certificates");
  }

  /** The file or directory of a store. */
  public Path store(String id) {
    return directory.resolve("data/stores").resolve(id);
  }

  /** The files that imports work on. */
  public List<Path> scratch() {
    return files(directory.resolve("data/scratch")).stream()
        .filter(file -> !file.endsWith("lock"))
        .toList();
  }

  private static List<Path> files(Path... roots) {
    return Arrays.stream(roots).flatMap(root -> files(root).stream()).toList();
  }

  private static List<Path> files(Path root) {
    var found = new ArrayList<Path>();
    var visitor =
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            found.add(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        };
    try {
      Files.walkFileTree(root, visitor);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return found;
  }

  @Override
  public void close() {
    server.close();
  }

  /** Removes a server's directory and database. */
  public static void remove(Path directory) throws IOException {
    TestingDatabase.drop(directory);
    try (var paths = Files.walk(directory)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
