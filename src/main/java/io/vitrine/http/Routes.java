package io.vitrine.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vitrine.identity.Identity;
import io.vitrine.image.Problem;
import io.vitrine.image.ProblemException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Every route of the API, in the order of its reference. */
final class Routes {
  /** Where a route's {@link RequestBody} is kept. */
  static final String BODY = "body";

  private static final Pattern VENDOR_TYPE =
      Pattern.compile("application/vnd\\.openstack\\.images-(v2\\.\\d+)");

  private final Vertx vertx;
  private final Identity identity;
  private final BodyHandler jsonBody;
  private final ImagesHandler images;
  private final UploadHandler uploads;
  private final DownloadHandler downloads;
  private final ImportHandler imports;
  private final TasksHandler tasks;
  private final DiscoveryHandler discovery;
  private final Map<String, Set<String>> methods = new LinkedHashMap<>();

  Routes(
      Vertx vertx,
      Identity identity,
      long maxJsonBytes,
      ImagesHandler images,
      UploadHandler uploads,
      DownloadHandler downloads,
      ImportHandler imports,
      TasksHandler tasks,
      DiscoveryHandler discovery) {
    this.vertx = vertx;
    this.identity = identity;
    this.jsonBody = BodyHandler.create(false).setBodyLimit(maxJsonBytes);
    this.images = images;
    this.uploads = uploads;
    this.downloads = downloads;
    this.imports = imports;
    this.tasks = tasks;
    this.discovery = discovery;
  }

  Router router() {
    var problems = new ProblemHandler();
    var router = Router.router(vertx);
    router.route().handler(new RequestLog()).handler(Routes::negotiate).failureHandler(problems);
    router.get("/healthcheck").handler(context -> context.response().end("OK"));
    router.get("/versions").handler(discovery::versions);
    router.routeWithRegex("/v2").handler(Routes::toSlash);
    var v2 = v2();
    router.route("/v2/*").subRouter(v2);
    DiscoveryHandler.VERSIONS.forEach(version -> router.route("/" + version + "/*").subRouter(v2));
    router.route().handler(Routes::requireUnknownVersion).handler(discovery::choices);
    for (int status : new int[] {400, 404, 405, 413, 415, 500}) {
      router.errorHandler(status, problems);
    }
    return router;
  }

  private Router v2() {
    var router = Router.router(vertx);
    read(router, "/schemas/image", discovery::imageSchema);
    read(router, "/schemas/images", discovery::imagesSchema);
    write(router, HttpMethod.POST, "/images", images::create);
    read(router, "/images", images::list);
    read(router, "/images/:image", images::show);
    write(router, HttpMethod.PATCH, "/images/:image", images::patch);
    bare(router, HttpMethod.DELETE, "/images/:image", images::delete);
    data(router, "/images/:image/file", uploads::upload);
    read(router, "/images/:image/file", downloads::download);
    bare(router, HttpMethod.HEAD, "/images/:image/file", downloads::download);
    data(router, "/images/:image/stage", uploads::stage);
    write(router, HttpMethod.POST, "/images/:image/import", imports::submit);
    read(router, "/images/:image/tasks", tasks::ofImage);
    read(router, "/info/import", discovery::importMethods);
    read(router, "/info/stores", discovery::stores);
    methods.forEach(
        (path, allowed) -> router.route(path).handler(context -> refuseMethod(context, allowed)));
    return router;
  }

  private void read(Router router, String path, Handler<RoutingContext> handler) {
    bare(router, HttpMethod.GET, path, handler);
  }

  /** A route without a body. */
  private void bare(
      Router router, HttpMethod method, String path, Handler<RoutingContext> handler) {
    route(router, method, path, Routes::refuseBody, handler);
  }

  /** A route with a JSON body. */
  private void write(
      Router router, HttpMethod method, String path, Handler<RoutingContext> handler) {
    route(router, method, path, jsonBody, handler);
  }

  /** A route that takes image data; the body is held back before anything is waited for. */
  private void data(Router router, String path, Handler<RoutingContext> handler) {
    route(
        router,
        HttpMethod.PUT,
        path,
        context -> {
          context.put(BODY, new RequestBody(context));
          context.next();
        },
        handler);
  }

  private void route(
      Router router,
      HttpMethod method,
      String path,
      Handler<RoutingContext> body,
      Handler<RoutingContext> handler) {
    methods.computeIfAbsent(path, first -> new TreeSet<>()).add(method.name());
    router.route(method, path).handler(body).handler(this::identify).handler(handler);
  }

  private static void refuseMethod(RoutingContext context, Set<String> allowed) {
    context.response().putHeader(HttpHeaders.ALLOW, String.join(", ", allowed));
    context.fail(405);
  }

  private void identify(RoutingContext context) {
    identity
        .identify(context.request().headers())
        .onSuccess(
            caller -> {
              context.put(Requests.CALLER, caller);
              context.next();
            })
        .onFailure(context::fail);
  }

  private static void refuseBody(RoutingContext context) {
    if (Requests.hasBody(context)) {
      throw new ProblemException(new Problem.Invalid("A body is not expected with this request."));
    }
    context.next();
  }

  /** A vendor media type chooses the version instead of the path. */
  private static void negotiate(RoutingContext context) {
    var accept = context.request().getHeader(HttpHeaders.ACCEPT);
    var vendor = accept == null ? null : VENDOR_TYPE.matcher(accept);
    boolean isChosen =
        vendor != null
            && vendor.lookingAt()
            && DiscoveryHandler.VERSIONS.contains(vendor.group(1))
            && !Requests.path(context).startsWith("/v2");
    if (isChosen) {
      context.request().headers().remove(HttpHeaders.ACCEPT);
      context.reroute("/v2" + context.request().uri());
    } else {
      context.next();
    }
  }

  private static void toSlash(RoutingContext context) {
    context.response().putHeader(HttpHeaders.LOCATION, Links.absolute(context.request(), "/v2/"));
    Responses.empty(context, 302);
  }

  /**
   * Below a version that is known, a path without a route is not found; elsewhere the versions are
   * shown.
   */
  private static void requireUnknownVersion(RoutingContext context) {
    var path = Requests.path(context);
    boolean isKnown =
        path.startsWith("/v2/")
            || DiscoveryHandler.VERSIONS.stream()
                .anyMatch(version -> path.startsWith("/" + version + "/"));
    if (isKnown) {
      context.fail(404);
    } else {
      context.next();
    }
  }
}
