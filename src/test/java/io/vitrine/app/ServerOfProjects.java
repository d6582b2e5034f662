package io.vitrine.app;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vitrine.access.identity.Identity;
import io.vitrine.api.HttpVerticle;
import io.vitrine.api.TestingApi;
import io.vitrine.app.lifecycle.Lifecycle;
import io.vitrine.catalog.TestingDatabase;
import io.vitrine.catalog.database.PgPool;
import io.vitrine.image.Caller;
import io.vitrine.observe.metrics.Health;
import io.vitrine.observe.trace.Traces;
import io.vitrine.settings.VitrineConfig;
import io.vitrine.testing.OncePerJvm;
import io.vitrine.transfer.bus.Codecs;
import io.vitrine.transfer.bus.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the API of a server that believes its callers: the token {@code demo:member,reader}
 * is a user of the project demo with two roles. Extra properties that start with {@code secret_}
 * are for administrators, those that start with {@code sealed_} are never removed.
 */
public final class ServerOfProjects implements ParameterResolver {
  private static final Identity BY_TOKEN =
      headers -> {
        var token = Objects.requireNonNull(headers.get("X-Auth-Token")).split(":", 2);
        return Future.succeededFuture(
            new Caller("user of " + token[0], token[0], Set.of(token[1].split(","))));
      };

  private static final String PROTECTIONS =
      """
      [^secret_]
      create = admin
      read = admin
      update = admin
      delete = admin
      [^sealed_]
      create = @
      read = @
      update = admin
      delete = !
      [.*]
      create = @
      read = @
      update = @
      delete = @
      """;

  private final int port;
  private final Path directory;

  private ServerOfProjects(int port, Path directory) {
    this.port = port;
    this.directory = directory;
  }

  /** For the extension mechanism. */
  public ServerOfProjects() {
    this(0, Path.of(""));
  }

  /** The port of the server. */
  public int port() {
    return port;
  }

  /** A client that belongs to a project. */
  public TestingApi as(String project, String roles) {
    return new TestingApi(port, "X-Auth-Token", project + ":" + roles);
  }

  /** A client that belongs to a project as a member. */
  public TestingApi member(String project) {
    return as(project, "member,reader");
  }

  /** A client without a token. */
  public TestingApi stranger() {
    return new TestingApi(port);
  }

  /** A client that may do everything. */
  public TestingApi admin() {
    return as("operators", "admin,member,reader");
  }

  /** The files of image data. */
  public List<Path> blobs() throws IOException {
    try (var files = Files.walk(directory.resolve("data/stores"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ServerOfProjects.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return OncePerJvm.get(Running.class, Running::start).server();
  }

  /** A server of a test's own, with its database. */
  public record Running(ServerOfProjects server, Vertx vertx, Lifecycle lifecycle, Pool pool)
      implements AutoCloseable {
    /** Starts one. */
    public static Running start() {
      try {
        var directory = TestingServer.newDirectory();
        return start(directory, config(directory));
      } catch (Exception failure) {
        throw new IllegalStateException("the server of projects does not start", failure);
      }
    }

    private static VitrineConfig config(Path directory) throws IOException {
      var protections = directory.resolve("protections.conf");
      Files.writeString(protections, PROTECTIONS);
      var file = directory.resolve("vitrine.yaml");
      Files.writeString(
          file,
          "{http: {port: 0}, data: {dir: %s}, image: {show_multiple_locations: true}, policy: {property_protection: {file: %s}}}"
              .formatted(directory.resolve("data"), protections));
      return VitrineConfig.load(List.of(file), Map.of());
    }

    private static Running start(Path directory, VitrineConfig config) throws Exception {
      var vertx = Vertx.vertx();
      Codecs.register(vertx);
      var pool = PgPool.open(vertx, TestingDatabase.of(directory), config.database());
      var watching = new SharedParts.Watching(new SimpleMeterRegistry(), Traces.OFF);
      var shared =
          SharedParts.of(
              new SharedParts.Nodes(vertx, Peers.NONE), config, watching, DatabasePools.of(pool));
      var lifecycle = new Lifecycle();
      var watch = new StoreRole(shared, lifecycle, new Health()).start();
      var routes = new ApiRole(shared, lifecycle).routes(watch, BY_TOKEN);
      var http = new HttpVerticle(config.http(), config.uwsgi(), routes);
      vertx.deployVerticle(http).await(20, SECONDS);
      return new Running(new ServerOfProjects(http.port(), directory), vertx, lifecycle, pool);
    }

    @Override
    public void close() throws IOException {
      lifecycle.close();
      vertx.close().await();
      TestingServer.remove(server.directory);
    }
  }
}
