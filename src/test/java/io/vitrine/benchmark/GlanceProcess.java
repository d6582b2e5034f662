package io.vitrine.benchmark;

import io.vitrine.catalog.database.DatabaseAddress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Debian's Glance with two workers on PostgreSQL. Like Vitrine here, it asks nobody who the caller
 * is, so both do the same work.
 */
record GlanceProcess(Process process, int port, Path directory, DatabaseAddress database)
    implements ImageServer, AutoCloseable {
  private static final Path FILES = Path.of("/usr/share/glance-common");
  private static final Path PROGRAM = Path.of("/usr/bin/glance-api");
  private static final Duration START_DEADLINE = Duration.ofSeconds(60);

  static boolean isInstalled() {
    return Stream.of(PROGRAM, FILES.resolve("glance-api-paste.ini")).allMatch(Files::exists);
  }

  /** The peer of this run, in words. */
  static String description() {
    return isInstalled()
        ? "peer: Debian's Glance, two workers, PostgreSQL, paste flavor without Keystone"
        : "no peer: glance-api is not installed";
  }

  /** Starts one with an empty database. */
  static GlanceProcess start(Path directory, DatabaseAddress database) throws Exception {
    int port = Tools.freePort();
    for (var folder : List.of("store", "staging", "tasks", "locks")) {
      Files.createDirectories(directory.resolve(folder));
    }
    Files.copy(FILES.resolve("schema-image.json"), directory.resolve("schema-image.json"));
    Files.writeString(directory.resolve("policy.yaml"), "{}\n");
    var login = database.toUrl().substring(database.toUrl().indexOf("//") + 2);
    Files.writeString(directory.resolve("glance-api.conf"), configuration(port, directory, login));
    Tools.run(command(directory, "/usr/bin/glance-manage", "db_sync"));
    var log = directory.resolve("output").toFile();
    var builder = command(directory, PROGRAM.toString()).redirectOutput(log);
    var glance = new GlanceProcess(Children.start(builder), port, directory, database);
    try {
      Tools.awaitStatus(URI.create(glance.url("/")), 300, glance.process, START_DEADLINE);
      return glance;
    } catch (Exception failure) {
      glance.close();
      throw new IOException("Glance does not start; see target/benchmark/glance", failure);
    }
  }

  private static String configuration(int port, Path directory, String login) {
    return """
    [DEFAULT]
    bind_host = 127.0.0.1
    bind_port = %1$d
    workers = 2
    log_file = %2$s/glance.log
    enabled_backends = files:file
    node_staging_uri = file://%2$s/staging
    [glance_store]
    default_backend = files
    [files]
    filesystem_store_datadir = %2$s/store
    [os_glance_staging_store]
    filesystem_store_datadir = %2$s/staging
    [os_glance_tasks_store]
    filesystem_store_datadir = %2$s/tasks
    [database]
    connection = postgresql+psycopg2://%3$s
    # Both workers fit into the connections of the server.
    max_pool_size = 20
    max_overflow = 0
    [paste_deploy]
    config_file = %4$s/glance-api-paste.ini
    [oslo_policy]
    policy_file = %2$s/policy.yaml
    [oslo_concurrency]
    lock_path = %2$s/locks
    """
        .formatted(port, directory, login, FILES);
  }

  /** By Debian's Python, whatever the caller has set up. */
  private static ProcessBuilder command(Path directory, String program, String... arguments) {
    var configuration = directory.resolve("glance-api.conf").toString();
    var words =
        Stream.concat(
            Stream.of("/usr/bin/python3", program, "--config-file", configuration),
            Stream.of(arguments));
    var builder = new ProcessBuilder(words.toList());
    builder.directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("PYTHON"));
    builder.environment().put("OS_GLANCE_CONFIG_DIR", directory.toString());
    return builder;
  }

  @Override
  public String name() {
    return "Glance";
  }

  @Override
  public ProcessHandle handle() {
    return process.toHandle();
  }

  @Override
  public Path store() {
    return directory.resolve("store");
  }

  @Override
  public void sql(String statement) throws IOException, InterruptedException {
    PeerDatabase.sql(database, statement);
  }

  @Override
  public void close() {
    Children.end(process);
  }
}
