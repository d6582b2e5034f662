package io.vitrine.api;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.identity.Identity;
import io.vitrine.api.filter.ApiSettings;
import io.vitrine.api.filter.AuditLog;
import io.vitrine.api.filter.CrossOrigin;
import io.vitrine.api.filter.Endpoints;
import io.vitrine.api.filter.Farewell;
import io.vitrine.api.filter.HealthHandler;
import io.vitrine.api.filter.HostField;
import io.vitrine.api.filter.OriginHandler;
import io.vitrine.api.filter.ProblemHandler;
import io.vitrine.api.filter.RequestLog;
import io.vitrine.api.filter.RequestMeasure;
import io.vitrine.api.filter.RequestText;
import io.vitrine.api.request.Links;
import io.vitrine.api.request.RequestTrace;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.api.request.RoomGate;
import io.vitrine.api.schema.Schemas;
import java.util.Set;
import java.util.regex.Pattern;

/** Every route of the API, in the order of the API reference. */
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
  private final Services.Watching watching;
  private final Handlers handlers;

  Routes(
      Vertx vertx,
      Identity identity,
      ApiSettings settings,
      Services.Watching watching,
      Handlers handlers) {
    this.vertx = vertx;
    this.identity = identity;
    this.settings = settings;
    this.watching = watching;
    this.handlers = handlers;
  }

  Router router(Farewell farewell) {
    var problems = new ProblemHandler(identity.challenge());
    var router = Router.router(vertx);
    router
        .route()
        .failureHandler(problems)
        .handler(RequestText::mend)
        .handler(farewell)
        .handler(new RequestMeasure(watching.meters()))
        .handler(new RequestLog(settings.maxRequestIdLength()))
        .handler(new RequestTrace(watching.traces()))
        .handler(new HostField())
        .handler(new OriginHandler(settings.fronts()))
        .handler(new RoomGate(settings.room()))
        .handler(new CrossOrigin(settings.webSites()))
        .handler(new RequestText())
        .handler(this::negotiate)
        .handler(new AuditLog());
    router.route("/healthcheck/*").handler(new HealthHandler(settings.healthFiles()));
    router.get("/versions").handler(handlers.discovery()::versions);
    router.get("/openapi.json").handler(handlers.document()::show);
    router.routeWithRegex("/v2").handler(Routes::toSlash);
    var v2 = v2();
    router.route("/v2/*").subRouter(v2);
    handlers
        .discovery()
        .versions()
        .forEach(version -> router.route("/" + version + "/*").subRouter(v2));
    router.route().handler(this::requireUnknownVersion).handler(handlers.discovery()::choices);
    for (int status : new int[] {400, 404, 405, 413, 415, 500, 501}) {
      router.errorHandler(status, problems);
    }
    return router;
  }

  private Router v2() {
    var router = Router.router(vertx);
    router.route().handler(Routes::refuseTrailingSlash);
    var endpoints = new Endpoints(router, identity, settings);
    endpoints.read("/schemas/image", handlers.discovery()::imageSchema);
    endpoints.read("/schemas/images", handlers.discovery()::imagesSchema);
    endpoints.read("/schemas/member", DiscoveryHandler.constant(Schemas.member()));
    endpoints.read("/schemas/members", DiscoveryHandler.constant(Schemas.members()));
    endpoints.read("/schemas/task", DiscoveryHandler.constant(Schemas.task()));
    endpoints.read("/schemas/tasks", DiscoveryHandler.constant(Schemas.tasks()));
    endpoints.write(HttpMethod.POST, "/images", handlers.images()::create);
    endpoints.readWithBody("/images", handlers.images()::list);
    endpoints.read("/images/:image", handlers.images()::show);
    endpoints.write(HttpMethod.PATCH, "/images/:image", handlers.images()::patch);
    endpoints.bare(HttpMethod.DELETE, "/images/:image", handlers.images()::delete);
    endpoints.bare(
        HttpMethod.POST, "/images/:image/actions/deactivate", handlers.actions()::deactivate);
    endpoints.bare(
        HttpMethod.POST, "/images/:image/actions/reactivate", handlers.actions()::reactivate);
    endpoints.data("/images/:image/file", handlers.uploads()::upload);
    endpoints.read("/images/:image/file", handlers.downloads()::download);
    endpoints.bare(HttpMethod.HEAD, "/images/:image/file", handlers.downloads()::download);
    endpoints.data("/images/:image/stage", handlers.uploads()::stage);
    endpoints.write(HttpMethod.POST, "/images/:image/import", handlers.imports()::submit);
    endpoints.read("/images/:image/tasks", handlers.tasks()::ofImage);
    endpoints.read("/images/:image/events", handlers.events()::ofImage);
    endpoints.bare(HttpMethod.PUT, "/images/:image/tags/:tag", handlers.tags()::add);
    endpoints.bare(HttpMethod.DELETE, "/images/:image/tags/:tag", handlers.tags()::remove);
    endpoints.write(HttpMethod.POST, "/images/:image/members", handlers.members()::add);
    endpoints.read("/images/:image/members", handlers.members()::list);
    endpoints.read("/images/:image/members/:member", handlers.members()::show);
    endpoints.write(HttpMethod.PUT, "/images/:image/members/:member", handlers.members()::update);
    endpoints.bare(HttpMethod.DELETE, "/images/:image/members/:member", handlers.members()::remove);
    endpoints.write(HttpMethod.POST, "/images/:image/locations", handlers.locations()::add);
    endpoints.read("/images/:image/locations", handlers.locations()::list);
    endpoints.bare(HttpMethod.DELETE, "/stores/:store/:image", handlers.stores()::remove);
    endpoints.write(HttpMethod.POST, "/tasks", handlers.legacyTasks()::create);
    endpoints.readWithBody("/tasks", handlers.legacyTasks()::list);
    endpoints.read("/tasks/:task", handlers.legacyTasks()::show);
    endpoints.read("/info/import", handlers.discovery()::importMethods);
    endpoints.read("/info/stores", handlers.stores()::list);
    endpoints.readWithBody("/info/usage", handlers.usage()::usage);
    endpoints.read("/info/stores/detail", handlers.stores()::detail);
    endpoints.read("/cache", handlers.cache()::list);
    endpoints.bare(HttpMethod.DELETE, "/cache", handlers.cache()::clear);
    endpoints.write(HttpMethod.POST, "/cache/clean", handlers.cache()::clean);
    endpoints.write(HttpMethod.POST, "/cache/prune", handlers.cache()::prune);
    endpoints.read("/cache/nodes/:image", handlers.cache()::nodes);
    endpoints.write(HttpMethod.PUT, "/cache/:image", handlers.cache()::enqueue);
    endpoints.bare(HttpMethod.DELETE, "/cache/:image", handlers.cache()::remove);
    endpoints.read("/cached_images", handlers.queuedImages()::listCached);
    endpoints.bare(HttpMethod.DELETE, "/cached_images", handlers.queuedImages()::clearCached);
    endpoints.bare(
        HttpMethod.DELETE, "/cached_images/:image", handlers.queuedImages()::removeCached);
    endpoints.read("/queued_images", handlers.queuedImages()::listQueued);
    endpoints.bare(HttpMethod.DELETE, "/queued_images", handlers.queuedImages()::clearQueued);
    endpoints.bare(HttpMethod.PUT, "/queued_images/:image", handlers.queuedImages()::enqueue);
    endpoints.bare(HttpMethod.DELETE, "/queued_images/:image", handlers.queuedImages()::dequeue);
    handlers.metadefs().addTo(endpoints);
    handlers.document().requireSame(endpoints.operations());
    return endpoints.router();
  }

  /** Lets a vendor media type choose the version instead of the path. */
  private void negotiate(RoutingContext context) {
    var accept = context.request().getHeader(HttpHeaders.ACCEPT);
    var vendor = accept == null ? null : VENDOR_TYPE.matcher(accept);
    boolean isChosen =
        vendor != null
            && vendor.lookingAt()
            && handlers.discovery().versions().contains(vendor.group(1))
            && !Requests.path(context).startsWith("/v2");
    if (isChosen) {
      context.request().headers().remove(HttpHeaders.ACCEPT);
      context.reroute("/v2" + context.request().uri());
    } else {
      context.next();
    }
  }

  /** Answers 404 for the path of a collection with a trailing slash. */
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

  /** Answers 404 below a known version; elsewhere the versions are shown. */
  private void requireUnknownVersion(RoutingContext context) {
    var path = Requests.path(context);
    boolean isKnown =
        path.startsWith("/v2/")
            || handlers.discovery().versions().stream()
                .anyMatch(version -> path.startsWith("/" + version + "/"));
    if (isKnown) {
      // Glance answers 501 for unknown methods only where no route has the path.
      context.fail(METHODS.contains(context.request().method()) ? 404 : 501);
    } else {
      context.next();
    }
  }
}
