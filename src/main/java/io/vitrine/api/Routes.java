package io.vitrine.api;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.identity.Identity;
import io.vitrine.api.console.Console;
import io.vitrine.api.filter.AuditLog;
import io.vitrine.api.filter.ConnectionDrain;
import io.vitrine.api.filter.CrossOrigin;
import io.vitrine.api.filter.Endpoints;
import io.vitrine.api.filter.HealthHandler;
import io.vitrine.api.filter.HostField;
import io.vitrine.api.filter.OriginHandler;
import io.vitrine.api.filter.ProblemHandler;
import io.vitrine.api.filter.RequestLog;
import io.vitrine.api.filter.RequestMeasure;
import io.vitrine.api.filter.RequestText;
import io.vitrine.api.filter.RouteGroup;
import io.vitrine.api.filter.UploadLimit;
import io.vitrine.api.request.AnswerRoom;
import io.vitrine.api.request.Links;
import io.vitrine.api.request.RequestTrace;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.api.request.RoomGate;
import io.vitrine.api.schema.ApiCapabilities;
import io.vitrine.api.schema.Schemas;
import io.vitrine.net.proxy.OriginResolver;
import io.vitrine.observe.metrics.RequestMeters;
import io.vitrine.observe.trace.Traces;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Every route of the API: what all requests pass, and the groups of handlers. All event loops share
 * the handlers.
 */
public final class Routes {
  /** The path of what Glance does not have. */
  private static final String OWN = "/vitrine/v1";

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

  private final HttpConfig config;
  private final Passage passage;
  private final DiscoveryHandler discovery;
  private final OpenApi document;
  private final Optional<Console> console;
  private final List<RouteGroup> groups;
  private final List<RouteGroup> own;

  /**
   * What every request passes before its handler.
   *
   * @param room the memory that all requests and answers share
   * @param uploads the limit of concurrent uploads
   */
  public record Passage(
      Identity identity,
      AnswerRoom room,
      UploadLimit uploads,
      RequestMeters meters,
      Traces traces) {}

  /**
   * The handlers of the API.
   *
   * @param glance the routes that Glance has, below /v2
   * @param own the routes that only this service has, below /vitrine/v1
   * @param console the web console, unless it is off
   */
  public record Groups(List<RouteGroup> glance, List<RouteGroup> own, Optional<Console> console) {
    /** Copies the lists. */
    public Groups {
      glance = List.copyOf(glance);
      own = List.copyOf(own);
    }
  }

  /** The routes of these groups, and those that tell what there is. Reads resources. */
  public Routes(HttpConfig config, Passage passage, ApiCapabilities capabilities, Groups groups) {
    this.config = config;
    this.passage = passage;
    this.groups = groups.glance();
    this.own = groups.own();
    this.console = groups.console();
    discovery = new DiscoveryHandler(capabilities);
    document = new OpenApi(capabilities.schema());
  }

  /** Cuts answers that have stalled for too long; call it periodically. */
  void cutStalled() {
    passage.room().cutStalled(config.limits().idleTimeout());
  }

  /** A router for one event loop. */
  Router router(Vertx vertx, ConnectionDrain drain) {
    var problems = new ProblemHandler(passage.identity().challenge());
    var router = Router.router(vertx);
    router
        .route()
        .failureHandler(problems)
        .handler(RequestText::mend)
        .handler(drain)
        .handler(new RequestMeasure(passage.meters()))
        .handler(new RequestLog(config.limits().maxRequestIdLength()))
        .handler(new RequestTrace(passage.traces()))
        .handler(new HostField())
        .handler(new OriginHandler(new OriginResolver(config.front())))
        .handler(new RoomGate(passage.room()))
        .handler(new CrossOrigin(config.cors()))
        .handler(new RequestText())
        .handler(this::negotiate)
        .handler(new AuditLog());
    router.route("/healthcheck/*").handler(new HealthHandler(config.healthcheck()));
    router.get("/versions").handler(discovery::versions);
    router.get("/openapi.json").handler(document::show);
    console.ifPresent(page -> addConsole(vertx, router, page));
    router.routeWithRegex("/v2").handler(Routes::toSlash);
    var v2 = v2(vertx);
    router.route("/v2/*").subRouter(v2);
    router.route(OWN + "/*").subRouter(own(vertx));
    discovery.versions().forEach(version -> router.route("/" + version + "/*").subRouter(v2));
    router.route().handler(this::requireUnknownVersion).handler(discovery::choices);
    for (int status : new int[] {400, 404, 405, 413, 415, 500, 501}) {
      router.errorHandler(status, problems);
    }
    return router;
  }

  private void addConsole(Vertx vertx, Router router, Console console) {
    console
        .signIns()
        .forEach(
            (base, group) -> {
              var endpoints = endpoints(base, Router.router(vertx));
              group.addTo(endpoints);
              router.route(base + "/*").subRouter(endpoints.router());
            });
    var path = Console.PATH + "/*";
    router
        .route(path)
        .handler(context -> RequestTrace.route(context, context.request().method().name(), path))
        .handler(console.page());
  }

  private Router v2(Vertx vertx) {
    var router = Router.router(vertx);
    router.route().handler(Routes::refuseTrailingSlash);
    var endpoints = new Endpoints(router, passage.identity(), config.limits(), passage.uploads());
    endpoints.read("/schemas/image", discovery::imageSchema);
    endpoints.read("/schemas/images", discovery::imagesSchema);
    endpoints.read("/schemas/member", DiscoveryHandler.constant(Schemas.member()));
    endpoints.read("/schemas/members", DiscoveryHandler.constant(Schemas.members()));
    endpoints.read("/schemas/task", DiscoveryHandler.constant(Schemas.task()));
    endpoints.read("/schemas/tasks", DiscoveryHandler.constant(Schemas.tasks()));
    endpoints.read("/info/import", discovery::importMethods);
    groups.forEach(group -> group.addTo(endpoints));
    document.requireSame("/v2", endpoints.operations());
    return endpoints.router();
  }

  private Router own(Vertx vertx) {
    var router = Router.router(vertx);
    router.route().handler(Routes::refuseTrailingSlash);
    var endpoints = endpoints(OWN, router);
    own.forEach(group -> group.addTo(endpoints));
    document.requireSame(OWN, endpoints.operations());
    return endpoints.router();
  }

  private Endpoints endpoints(String prefix, Router router) {
    return new Endpoints(
        new Endpoints.Base(prefix, router), passage.identity(), config.limits(), passage.uploads());
  }

  /** Lets a vendor media type choose the version instead of the path. */
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
            || path.startsWith(OWN + "/")
            || discovery.versions().stream()
                .anyMatch(version -> path.startsWith("/" + version + "/"));
    if (isKnown) {
      // Glance answers 501 for unknown methods only where no route has the path.
      context.fail(METHODS.contains(context.request().method()) ? 404 : 501);
    } else {
      context.next();
    }
  }
}
