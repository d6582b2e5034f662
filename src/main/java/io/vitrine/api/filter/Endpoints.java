package io.vitrine.api.filter;

import static io.vitrine.image.problem.ProblemException.forbidden;
import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vitrine.access.identity.Identity;
import io.vitrine.api.request.BodyDeadline;
import io.vitrine.api.request.RequestBody;
import io.vitrine.api.request.RequestTrace;
import io.vitrine.api.request.Requests;
import io.vitrine.catalog.audit.Actor;
import io.vitrine.catalog.audit.CurrentActor;
import io.vitrine.catalog.sql.Requester;
import io.vitrine.image.Caller;
import io.vitrine.net.listener.LimitsConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Registers routes with what precedes every handler: body limits, authentication, and 405 for other
 * methods of the path.
 */
public final class Endpoints {
  /** The key under which a data route keeps its {@link RequestBody}. */
  public static final String BODY = "body";

  /** Set while a JSON body is being read: a failure during that time is the client's. */
  static final String IS_READING = "isReading";

  /** The path below which Glance's API is. */
  private static final String GLANCE = "/v2";

  private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final String prefix;
  private final Router router;
  private final Function<RoutingContext, Future<Caller>> callers;
  private final Duration bodyTimeout;
  private final UploadLimit uploads;
  private final BodyHandler jsonBody;
  private final RequestTurns turns;
  private final Map<String, Set<String>> methods;

  /** Those of the methods that no answer to another method tells of. */
  private final Map<String, Set<String>> untold;

  /**
   * Creates an empty set of routes.
   *
   * @param identity authenticates the callers of each
   * @param uploads the limit of concurrent uploads
   */
  public Endpoints(Router router, Identity identity, LimitsConfig limits, UploadLimit uploads) {
    this(new Base(GLANCE, router), identity, limits, uploads);
  }

  /** The path below which a router serves. */
  public record Base(String prefix, Router router) {}

  /** Creates an empty set of routes below a path. */
  public Endpoints(Base base, Identity identity, LimitsConfig limits, UploadLimit uploads) {
    this.prefix = base.prefix;
    this.router = base.router;
    this.callers = context -> identity.identify(context.request().headers());
    this.jsonBody = BodyHandler.create(false).setBodyLimit(limits.maxJsonBody().bytes());
    this.bodyTimeout = limits.idleTimeout();
    this.uploads = uploads;
    this.turns = new RequestTurns();
    this.methods = new LinkedHashMap<>();
    this.untold = new HashMap<>();
  }

  private Endpoints(Endpoints other, Function<RoutingContext, Future<Caller>> callers) {
    this.callers = callers;
    prefix = other.prefix;
    router = other.router;
    jsonBody = other.jsonBody;
    bodyTimeout = other.bodyTimeout;
    uploads = other.uploads;
    turns = other.turns;
    methods = other.methods;
    untold = other.untold;
  }

  /** The same set, to which routes can be added whose callers are known by other means. */
  public Endpoints knowing(Function<RoutingContext, Future<Caller>> others) {
    return new Endpoints(this, others);
  }

  /** The router; call this once all routes are added, as it adds the answers to other methods. */
  public Router router() {
    methods.forEach(
        (path, allowed) -> {
          var told = told(path, allowed);
          router.route(path).handler(context -> refuseMethod(context, told));
        });
    return router;
  }

  private String told(String path, Set<String> all) {
    var hidden = untold.getOrDefault(path, Set.of());
    return all.stream()
        .filter(method -> !hidden.contains(method))
        .collect(Collectors.joining(", "));
  }

  /** The methods added so far, by path. */
  public Map<String, Set<String>> operations() {
    return Map.copyOf(methods);
  }

  /** Adds a GET route without a body. */
  public void read(String path, Handler<RoutingContext> handler) {
    bare(HttpMethod.GET, path, handler);
  }

  /** Adds a GET route where Glance ignores a body, as most lists do. */
  public void readWithBody(String path, Handler<RoutingContext> handler) {
    write(HttpMethod.GET, path, handler);
  }

  /** Adds a route without a body. */
  public void bare(HttpMethod method, String path, Handler<RoutingContext> handler) {
    route(method, path, Endpoints::refuseBody, handler);
  }

  /** Adds a route with a JSON body. */
  public void write(HttpMethod method, String path, Handler<RoutingContext> handler) {
    route(method, path, this::takeJson, handler);
  }

  /**
   * Adds a route that receives image data; the body is paused before anything asynchronous starts.
   */
  public void data(String path, Handler<RoutingContext> handler) {
    data(HttpMethod.PUT, path, handler);
  }

  /** Adds a route of another method that receives image data. */
  public void data(HttpMethod method, String path, Handler<RoutingContext> handler) {
    route(
        method,
        path,
        context -> {
          context.put(BODY, new RequestBody(context, bodyTimeout));
          uploads.handle(context);
        },
        handler);
  }

  /** Adds a route that nobody must authenticate for. */
  public void open(HttpMethod method, String path, Handler<RoutingContext> handler) {
    methods.computeIfAbsent(path, first -> new TreeSet<>()).add(method.name());
    router
        .route(method, path)
        .handler(context -> RequestTrace.route(context, method.name(), prefix + path))
        .handler(handler);
  }

  /**
   * Adds a route that nobody must authenticate for, and that 405 for other methods does not tell
   * of: where Glance has the path but not the method, its clients see the same answer.
   */
  public void openUntold(HttpMethod method, String path, Handler<RoutingContext> handler) {
    untold.computeIfAbsent(path, first -> new HashSet<>()).add(method.name());
    open(method, path, handler);
  }

  /** Adds a route with a JSON body that nobody must authenticate for. */
  public void openWrite(HttpMethod method, String path, Handler<RoutingContext> handler) {
    methods.computeIfAbsent(path, first -> new TreeSet<>()).add(method.name());
    router
        .route(method, path)
        .handler(context -> RequestTrace.route(context, method.name(), prefix + path))
        .handler(this::takeJson)
        .handler(turns)
        .handler(
            context -> {
              context.remove(IS_READING);
              context.put(AuditLog.ACTION, method.name() + " " + prefix + path);
              handler.handle(context);
            });
  }

  /** Adds a handler that all requests for a path pass first, whatever their method. */
  public void first(String path, Handler<RoutingContext> handler) {
    router.route(path).handler(handler);
  }

  private void takeJson(RoutingContext context) {
    if (Requests.mayHaveBody(context)) {
      var deadline = BodyDeadline.start(context, bodyTimeout, () -> false, () -> context.fail(408));
      context.addEndHandler(ended -> deadline.stop());
    }
    context.put(IS_READING, true);
    jsonBody.handle(context);
  }

  private void route(
      HttpMethod method,
      String path,
      Handler<RoutingContext> body,
      Handler<RoutingContext> handler) {
    methods.computeIfAbsent(path, first -> new TreeSet<>()).add(method.name());
    var action = method.name() + " " + prefix + path;
    router
        .route(method, path)
        .handler(context -> RequestTrace.route(context, method.name(), prefix + path))
        .handler(body)
        .handler(turns)
        .handler(context -> identify(context, action))
        .handler(handler);
  }

  private static void refuseMethod(RoutingContext context, String allowed) {
    context.response().putHeader(HttpHeaders.ALLOW, allowed);
    context.fail(405);
  }

  private void identify(RoutingContext context, String action) {
    context.remove(IS_READING);
    context.put(AuditLog.ACTION, action);
    callers
        .apply(context)
        .map(caller -> admit(caller, context.request().method()))
        .onSuccess(
            caller -> {
              context.put(Requests.CALLER, caller);
              Requester.mark(Requests.share(context, caller));
              CurrentActor.mark(
                  new Actor(caller, Requests.requestId(context), AuditLog.ticket(context)));
              context.next();
            })
        .onFailure(context::fail);
  }

  /**
   * Refuses what no policy can allow: changes by a reader, and tokens that are not scoped to a
   * project, since every rule of the Image API requires that scope.
   */
  private static Caller admit(Caller caller, HttpMethod method) {
    if (caller.isReadOnly() && !READING.contains(method)) {
      throw forbidden("Read-only access");
    }
    return switch (caller.scope()) {
      case PROJECT, NONE -> caller;
      case DOMAIN, SYSTEM ->
          throw forbidden("The token must be scoped to a project, not to a domain or the system.");
    };
  }

  private static void refuseBody(RoutingContext context) {
    if (Requests.hasBody(context)) {
      throw invalid("This request must not have a body.");
    }
    context.next();
  }
}
