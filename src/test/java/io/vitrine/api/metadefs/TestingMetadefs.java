package io.vitrine.api.metadefs;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import io.vitrine.access.identity.Identity;
import io.vitrine.access.policy.RulePolicy;
import io.vitrine.api.TestingApi;
import io.vitrine.api.filter.Endpoints;
import io.vitrine.api.filter.OriginHandler;
import io.vitrine.api.filter.PolicyIdentity;
import io.vitrine.api.filter.ProblemHandler;
import io.vitrine.api.filter.RequestLog;
import io.vitrine.api.filter.UploadLimit;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.api.schema.DescribedProperties;
import io.vitrine.api.schema.ImageSchema;
import io.vitrine.app.TestingServer;
import io.vitrine.catalog.TestingDatabase;
import io.vitrine.catalog.database.PgPool;
import io.vitrine.catalog.metadefs.DefinitionCatalog;
import io.vitrine.catalog.metadefs.NamespaceCatalog;
import io.vitrine.image.Caller;
import io.vitrine.image.edit.ImageLimits;
import io.vitrine.net.proxy.OriginResolver;
import io.vitrine.settings.VitrineConfig;
import io.vitrine.testing.OncePerJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the routes of the metadata definitions over a real database, empty before each test;
 * requests say in headers who they come from.
 */
public final class TestingMetadefs implements ParameterResolver, BeforeEachCallback {
  public static final String PROJECT = "X-Testing-Project";
  public static final String ROLES = "X-Testing-Roles";

  private static final ImageLimits LIMITS = new ImageLimits(List.of(), List.of(), -1, -1);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TestingApi.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return new TestingApi(running().server.actualPort());
  }

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    result(
        running()
            .pool
            .query("truncate metadef_namespaces, metadef_resource_types cascade")
            .execute());
  }

  private static Running running() {
    return OncePerJvm.get(Running.class, Running::start);
  }

  private static <T> T result(Future<T> result) throws TimeoutException {
    return result.await(20, SECONDS);
  }

  /** An administrator of the project "admin" unless the headers say otherwise. */
  private static final class HeaderIdentity implements Identity {
    @Override
    public Future<Caller> identify(MultiMap headers) {
      var project = Objects.requireNonNullElse(headers.get(PROJECT), "admin");
      var roles = Objects.requireNonNullElse(headers.get(ROLES), "admin,member,reader");
      return Future.succeededFuture(new Caller("somebody", project, Set.of(roles.split(","))));
    }
  }

  private static final class Running implements AutoCloseable {
    private final Path directory;
    private final Vertx vertx = Vertx.vertx();
    private final Pool pool;
    private final HttpServer server;

    private Running(Path directory) throws TimeoutException {
      this.directory = directory;
      pool =
          PgPool.open(
              vertx,
              TestingDatabase.of(directory),
              VitrineConfig.load(List.of(), Map.of()).database());
      server = result(vertx.createHttpServer().requestHandler(router()).listen(0, "127.0.0.1"));
    }

    static Running start() {
      try {
        return new Running(TestingServer.newDirectory());
      } catch (IOException | TimeoutException failure) {
        throw new IllegalStateException("the metadata definitions are not served", failure);
      }
    }

    private Router router() {
      var problems = new ProblemHandler(Optional.empty());
      var router = Router.router(vertx);
      router.route().handler(new RequestLog(64)).failureHandler(problems);
      for (int status : new int[] {400, 404, 405, 413, 415, 500}) {
        router.errorHandler(status, problems);
      }
      var policy = RulePolicy.load(Optional.empty(), Set.of());
      var identity = new PolicyIdentity(new HeaderIdentity(), policy);
      var http = VitrineConfig.load(List.of(), Map.of()).http();
      var endpoints =
          new Endpoints(Router.router(vertx), identity, http.limits(), new UploadLimit(0));
      var capabilities =
          new ApiCapabilities(
              LIMITS,
              new ImageSchema(LIMITS, DescribedProperties.NONE),
              List.of(),
              Map.of(),
              "",
              0,
              25,
              1000,
              128,
              false,
              new ApiCapabilities.Locating(false, false, 10));
      new MetadefRoutes(
              new NamespaceCatalog(pool),
              new DefinitionCatalog(pool),
              RulePolicy.load(Optional.empty(), Set.of()),
              capabilities)
          .addTo(endpoints);
      router.route().handler(new OriginHandler(new OriginResolver(http.front())));
      router.route("/v2/*").subRouter(endpoints.router());
      return router;
    }

    @Override
    public void close() throws IOException {
      vertx.close().await();
      TestingServer.remove(directory);
    }
  }
}
