package io.vitrine.http;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vitrine.cache.ImageCache;
import io.vitrine.catalog.BlobJournal;
import io.vitrine.catalog.DefinitionCatalog;
import io.vitrine.catalog.ImageCatalog;
import io.vitrine.catalog.ImageLocations;
import io.vitrine.catalog.ImageMembers;
import io.vitrine.catalog.ImportKeys;
import io.vitrine.catalog.ImportRequests;
import io.vitrine.catalog.LocationRequests;
import io.vitrine.catalog.NamespaceCatalog;
import io.vitrine.catalog.NewImages;
import io.vitrine.catalog.Quotas;
import io.vitrine.catalog.TaskCatalog;
import io.vitrine.catalog.TaskQueue;
import io.vitrine.fetch.Fetcher;
import io.vitrine.fetch.UriRules;
import io.vitrine.identity.Identity;
import io.vitrine.policy.Policy;
import io.vitrine.policy.PropertyProtections;
import io.vitrine.signature.EncryptionKeys;
import io.vitrine.signature.Signatures;
import io.vitrine.stream.LocationReader;
import io.vitrine.stream.StoreClient;
import io.vitrine.telemetry.TransferMeters;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Serves the Image API over HTTP/1.1 and HTTP/2. */
public final class HttpVerticle extends VerticleBase {
  private final HttpServerOptions options;
  private final Services services;
  private @Nullable HttpServer server;

  /**
   * What the API is made of.
   *
   * @param node the node whose stores take new data
   */
  public record Services(
      ImageCatalog catalog,
      NewImages newImages,
      Quotas quotas,
      ImageLocations locations,
      LocationRequests locationRequests,
      ImageMembers members,
      BlobJournal journal,
      ImportRequests imports,
      TaskQueue tasks,
      TaskCatalog taskCatalog,
      NamespaceCatalog namespaces,
      DefinitionCatalog definitions,
      Identity identity,
      Policy policy,
      PropertyProtections protections,
      StoreClient stores,
      Optional<ImageCache> cache,
      ImportKeys importKeys,
      Signatures signatures,
      EncryptionKeys encryptionKeys,
      UriRules uris,
      Fetcher fetcher,
      ApiOffer offer,
      TransferMeters meters,
      String node,
      ApiSettings settings) {}

  /** A server with its options, over the services. */
  public HttpVerticle(HttpServerOptions options, Services services) {
    this.options = options;
    this.services = services;
  }

  @Override
  public Future<?> start() {
    server = vertx.createHttpServer(options).requestHandler(routes().router());
    return server.listen();
  }

  private Routes routes() {
    var bus = vertx.eventBus();
    var access = new Access(services.policy(), services.protections());
    var views = new LocationViews(services.locations(), access, services.offer());
    var locations =
        new LocationsHandler(
            services.catalog(),
            services.locationRequests(),
            views,
            new LocationPatch(services.fetcher(), services.uris()),
            bus,
            services.node());
    var images =
        new ImagesHandler(
            services.catalog(),
            services.newImages(),
            views,
            locations,
            access,
            services.offer(),
            services.encryptionKeys(),
            bus,
            Clock.systemUTC());
    var uploads =
        new UploadHandler(
            services.journal(),
            access,
            services.stores(),
            services.signatures(),
            services.offer(),
            services.node(),
            services.meters(),
            bus);
    return new Routes(
        vertx,
        new PolicyIdentity(services.identity(), services.policy()),
        services.settings(),
        images,
        new TagsHandler(services.catalog(), access, services.offer().limits(), Clock.systemUTC()),
        new ActionsHandler(services.catalog(), access),
        new MembersHandler(services.members(), access, services.offer()),
        uploads,
        new DownloadHandler(
            services.catalog(),
            access,
            services.locations(),
            new DownloadOrder(services.offer(), access),
            new LocationReader(services.stores(), services.fetcher()),
            services.cache(),
            services.meters()),
        new ImportHandler(
            services.imports(),
            new SignedImports(services.catalog(), services.signatures(), services.importKeys()),
            new RegionImports(services.identity()),
            access,
            services.offer(),
            services.uris(),
            bus),
        new TasksHandler(services.catalog(), access, services.tasks()),
        new LegacyTasksHandler(
            services.taskCatalog(),
            services.catalog(),
            services.newImages(),
            services.imports(),
            access,
            services.offer(),
            services.uris(),
            bus,
            Clock.systemUTC()),
        new StoresHandler(services.locations(), access, services.offer(), bus),
        locations,
        new CacheHandler(services.cache(), services.catalog(), access, bus),
        new DiscoveryHandler(services.offer()),
        new UsageHandler(services.quotas()),
        new MetadefRoutes(
            services.namespaces(), services.definitions(), services.policy(), services.offer()),
        new OpenApi(services.offer().schema()));
  }

  /** The port that is listened on. */
  public int port() {
    return server == null ? options.getPort() : server.actualPort();
  }

  /** Takes no more connections and lets running requests finish within a time. */
  public Future<Void> drain(Duration grace) {
    return server == null
        ? Future.succeededFuture()
        : server.shutdown(grace.toMillis(), TimeUnit.MILLISECONDS);
  }
}
