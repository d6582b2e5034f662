package io.vitrine.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.identity.Identity;
import java.util.Set;
import java.util.regex.Pattern;

/** Every route of the API, in the order of its reference. */
final class Routes {
  private static final Pattern VENDOR_TYPE =
      Pattern.compile("application/vnd\\.openstack\\.images-(v2\\.\\d+)");

  private static final Set<HttpMethod> METHODS =
      Set.of(
          HttpMethod.GET,
          HttpMethod.HEAD,
          HttpMethod.POST,
          HttpMethod.PUT,
          HttpMethod.PATCH,
          HttpMethod.DELETE,
          HttpMethod.OPTIONS);

  private final Vertx vertx;
  private final Identity identity;
  private final ApiSettings settings;
  private final ImagesHandler images;
  private final TagsHandler tags;
  private final ActionsHandler actions;
  private final MembersHandler members;
  private final UploadHandler uploads;
  private final DownloadHandler downloads;
  private final ImportHandler imports;
  private final TasksHandler tasks;
  private final CacheHandler cache;
  private final LegacyTasksHandler legacyTasks;
  private final DiscoveryHandler discovery;
  private final UsageHandler usage;
  private final StoresHandler stores;
  private final LocationsHandler locations;
  private final MetadefRoutes metadefs;
  private final OpenApi document;

  Routes(
      Vertx vertx,
      Identity identity,
      ApiSettings settings,
      ImagesHandler images,
      TagsHandler tags,
      ActionsHandler actions,
      MembersHandler members,
      UploadHandler uploads,
      DownloadHandler downloads,
      ImportHandler imports,
      TasksHandler tasks,
      LegacyTasksHandler legacyTasks,
      StoresHandler stores,
      LocationsHandler locations,
      CacheHandler cache,
      DiscoveryHandler discovery,
      UsageHandler usage,
      MetadefRoutes metadefs,
      OpenApi document) {
    this.vertx = vertx;
    this.identity = identity;
    this.settings = settings;
    this.images = images;
    this.tags = tags;
    this.actions = actions;
    this.members = members;
    this.uploads = uploads;
    this.downloads = downloads;
    this.imports = imports;
    this.tasks = tasks;
    this.cache = cache;
    this.legacyTasks = legacyTasks;
    this.discovery = discovery;
    this.usage = usage;
    this.metadefs = metadefs;
    this.stores = stores;
    this.locations = locations;
    this.document = document;
  }

  Router router() {
    var problems = new ProblemHandler(identity.challenge());
    var router = Router.router(vertx);
    router
        .route()
        .failureHandler(problems)
        .handler(new RequestLog(settings.maxRequestIdLength()))
        .handler(new OriginHandler(settings.fronts()))
        .handler(CrossOrigin.handler(settings))
        .handler(new RequestFraming())
        .handler(new RequestText())
        .handler(this::negotiate)
        .handler(new AuditLog());
    router.get("/healthcheck").handler(context -> context.response().end("OK"));
    router.get("/versions").handler(discovery::versions);
    router.get("/openapi.json").handler(document::show);
    router.routeWithRegex("/v2").handler(Routes::toSlash);
    var v2 = v2();
    router.route("/v2/*").subRouter(v2);
    discovery.versions().forEach(version -> router.route("/" + version + "/*").subRouter(v2));
    router.route().handler(this::requireUnknownVersion).handler(discovery::choices);
    for (int status : new int[] {400, 404, 405, 413, 415, 500, 501}) {
      router.errorHandler(status, problems);
    }
    return router;
  }

  private Router v2() {
    var router = Router.router(vertx);
    router.route().handler(Routes::refuseTrailingSlash);
    var endpoints = new Endpoints(router, identity, settings.maxJsonBytes());
    endpoints.read("/schemas/image", discovery::imageSchema);
    endpoints.read("/schemas/images", discovery::imagesSchema);
    endpoints.read("/schemas/member", DiscoveryHandler.constant(Schemas.member()));
    endpoints.read("/schemas/members", DiscoveryHandler.constant(Schemas.members()));
    endpoints.read("/schemas/task", DiscoveryHandler.constant(Schemas.task()));
    endpoints.read("/schemas/tasks", DiscoveryHandler.constant(Schemas.tasks()));
    endpoints.write(HttpMethod.POST, "/images", images::create);
    endpoints.read("/images", images::list);
    endpoints.read("/images/:image", images::show);
    endpoints.write(HttpMethod.PATCH, "/images/:image", images::patch);
    endpoints.bare(HttpMethod.DELETE, "/images/:image", images::delete);
    endpoints.bare(HttpMethod.POST, "/images/:image/actions/deactivate", actions::deactivate);
    endpoints.bare(HttpMethod.POST, "/images/:image/actions/reactivate", actions::reactivate);
    endpoints.data("/images/:image/file", uploads::upload);
    endpoints.read("/images/:image/file", downloads::download);
    endpoints.bare(HttpMethod.HEAD, "/images/:image/file", downloads::download);
    endpoints.data("/images/:image/stage", uploads::stage);
    endpoints.write(HttpMethod.POST, "/images/:image/import", imports::submit);
    endpoints.read("/images/:image/tasks", tasks::ofImage);
    endpoints.bare(HttpMethod.PUT, "/images/:image/tags/:tag", tags::add);
    endpoints.bare(HttpMethod.DELETE, "/images/:image/tags/:tag", tags::remove);
    endpoints.write(HttpMethod.POST, "/images/:image/members", members::add);
    endpoints.read("/images/:image/members", members::list);
    endpoints.read("/images/:image/members/:member", members::show);
    endpoints.write(HttpMethod.PUT, "/images/:image/members/:member", members::update);
    endpoints.bare(HttpMethod.DELETE, "/images/:image/members/:member", members::remove);
    endpoints.write(HttpMethod.POST, "/images/:image/locations", locations::add);
    endpoints.read("/images/:image/locations", locations::list);
    endpoints.bare(HttpMethod.DELETE, "/stores/:store/:image", stores::remove);
    endpoints.write(HttpMethod.POST, "/tasks", legacyTasks::create);
    endpoints.read("/tasks", legacyTasks::list);
    endpoints.read("/tasks/:task", legacyTasks::show);
    endpoints.read("/info/import", discovery::importMethods);
    endpoints.read("/info/stores", stores::list);
    // A body is not refused here, as Glance has it.
    endpoints.write(HttpMethod.GET, "/info/usage", usage::usage);
    endpoints.read("/info/stores/detail", stores::detail);
    endpoints.read("/cache", cache::list);
    endpoints.bare(HttpMethod.DELETE, "/cache", cache::clear);
    endpoints.write(HttpMethod.POST, "/cache/clean", cache::clean);
    endpoints.write(HttpMethod.POST, "/cache/prune", cache::prune);
    endpoints.read("/cache/nodes/:image", cache::nodes);
    endpoints.write(HttpMethod.PUT, "/cache/:image", cache::enqueue);
    endpoints.bare(HttpMethod.DELETE, "/cache/:image", cache::remove);
    metadefs.addTo(endpoints);
    document.requireSame(endpoints.operations());
    return endpoints.router();
  }

  /** A vendor media type chooses the version instead of the path. */
  private void negotiate(RoutingContext context) {
    var accept = context.request().getHeader(HttpHeaders.ACCEPT);
    var vendor = accept == null ? null : VENDOR_TYPE.matcher(accept);
    boolean isChosen =
        vendor != null
            && vendor.lookingAt()
            && discovery.versions().contains(vendor.group(1))
            && !Requests.path(context).startsWith("/v2");
    if (isChosen) {
      context.request().headers().remove(HttpHeaders.ACCEPT);
      context.reroute("/v2" + context.request().uri());
    } else {
      context.next();
    }
  }

  /** A path that lacks its last part is not the path of the collection. */
  private static void refuseTrailingSlash(RoutingContext context) {
    if (Requests.path(context).endsWith("/")) {
      context.fail(404);
    } else {
      context.next();
    }
  }

  private static void toSlash(RoutingContext context) {
    context.response().putHeader(HttpHeaders.LOCATION, Links.absolute(context, "/v2/"));
    Responses.empty(context, 302);
  }

  /**
   * Below a version that is known, a path without a route is not found; elsewhere the versions are
   * shown.
   */
  private void requireUnknownVersion(RoutingContext context) {
    var path = Requests.path(context);
    boolean isKnown =
        path.startsWith("/v2/")
            || discovery.versions().stream()
                .anyMatch(version -> path.startsWith("/" + version + "/"));
    if (isKnown) {
      // As Glance has it, but only where there is nothing: elsewhere a method is one of others.
      context.fail(METHODS.contains(context.request().method()) ? 404 : 501);
    } else {
      context.next();
    }
  }
}
