package io.vitrine.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.KeyCertOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server that gives Keystone's answers about tokens and limits, counts calls, and fails as
 * told.
 */
public final class TestingKeystone implements AutoCloseable {
  /** The password of the one account that may validate tokens. */
  public static final String PASSWORD = "sesame";

  private static final Duration LIFE = Duration.ofHours(1);

  private final Vertx vertx = Vertx.vertx();
  private final Map<String, JsonObject> tokens = new ConcurrentHashMap<>();
  private final List<JsonObject> catalog = new CopyOnWriteArrayList<>();
  private final Set<String> own = ConcurrentHashMap.newKeySet();
  private final Set<String> ofSystem = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> registered = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Integer>> limits = new ConcurrentHashMap<>();
  private final AtomicInteger limitLists = new AtomicInteger();
  private final AtomicInteger logins = new AtomicInteger();
  private final AtomicInteger validations = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger mostOpen = new AtomicInteger();
  private volatile Duration ownLife = LIFE;
  private volatile Duration delay = Duration.ZERO;
  private volatile int status;
  private volatile @Nullable String nonsense;
  private volatile @Nullable JsonObject lastLogin;
  private volatile @Nullable KeyCertOptions certificate;
  private volatile String model = "flat";
  private volatile @Nullable HttpServer server;
  private volatile int port;

  private TestingKeystone() {}

  /** Starts one on a free port of this machine. */
  public static TestingKeystone start() throws TimeoutException {
    var keystone = new TestingKeystone();
    keystone.resume();
    return keystone;
  }

  /** Starts one that proves by a certificate that it is the host localhost. */
  public static TestingKeystone start(KeyCertOptions certificate) throws TimeoutException {
    var keystone = new TestingKeystone();
    keystone.resume(certificate);
    return keystone;
  }

  /** Listens, on the same port as before, with another certificate. */
  public void resume(KeyCertOptions other) throws TimeoutException {
    certificate = other;
    resume();
  }

  /** Listens, on the same port as before. */
  public void resume() throws TimeoutException {
    var options = new HttpServerOptions().setHost("127.0.0.1").setPort(port);
    if (certificate != null) {
      options.setSsl(true).setKeyCertOptions(certificate);
    }
    var listening = vertx.createHttpServer(options).requestHandler(this::handle).listen();
    var started = listening.await(10, TimeUnit.SECONDS);
    port = started.actualPort();
    server = started;
  }

  /** Closes its connections and listens no more. */
  public void stop() throws TimeoutException {
    var running = server;
    if (running != null) {
      running.close().await(10, TimeUnit.SECONDS);
    }
  }

  /** Where it is, as operators configure it. */
  public String url() {
    return (certificate == null ? "http://127.0.0.1:" : "https://localhost:") + port + "/v3";
  }

  /** Knows a token of a user acting for a project. */
  public void issue(String token, String user, String project, String... roles) {
    issue(token, scoped(user, "project", named(project), roles), LIFE);
  }

  /** Knows a token whose roles are held on the system. */
  public void issueForSystem(String token, String user, String... roles) {
    issue(token, scoped(user, "system", new JsonObject().put("all", true), roles), LIFE);
  }

  /** Knows a token whose roles are held on a domain. */
  public void issueForDomain(String token, String user, String... roles) {
    var domain = new JsonObject().put("id", "default").put("name", "Default");
    issue(token, scoped(user, "domain", domain, roles), LIFE);
  }

  /** Knows a token of a project that expires after the time, which may be negative. */
  public void issueFor(Duration life, String token, String user, String project, String... roles) {
    issue(token, scoped(user, "project", named(project), roles), life);
  }

  private void issue(String token, JsonObject content, Duration life) {
    tokens.put(token, content.put("expires_at", Instant.now().plus(life).toString()));
  }

  /** Registers a resource with the limit that projects have by default. */
  public void register(String resource, int limit) {
    registered.put(resource, limit);
  }

  /** Gives a project a limit of its own. */
  public void limit(String project, String resource, int limit) {
    limits.computeIfAbsent(project, first -> new ConcurrentHashMap<>()).put(resource, limit);
  }

  /** Enforces limits by another model than the flat one. */
  public void enforce(String other) {
    model = other;
  }

  /** How often it was asked for limits of projects. */
  public int limitLists() {
    return limitLists.get();
  }

  /** Names an endpoint to the owners of all tokens. */
  public void locate(String service, String region, String serviceInterface, String url) {
    var endpoint =
        new JsonObject()
            .put("region", region)
            .put("region_id", region)
            .put("interface", serviceInterface)
            .put("url", url);
    catalog.add(
        new JsonObject().put("type", service).put("endpoints", new JsonArray().add(endpoint)));
  }

  /** Forgets a token. */
  public void revoke(String token) {
    tokens.remove(token);
  }

  /** Forgets the tokens that services got for their passwords. */
  public void revokeServices() {
    own.clear();
  }

  /** How long the next tokens of services live. */
  public void serviceTokensLive(Duration life) {
    ownLife = life;
  }

  /** Answers late. */
  public void slowDown(Duration time) {
    delay = time;
  }

  /** Answers everything with this status and no more; 0: as it should. */
  public void failWith(int code) {
    status = code;
  }

  /** Answers validations with 200 and this text; null: as it should. */
  public void talk(@Nullable String text) {
    nonsense = text;
  }

  /** What the last token was asked for with. */
  public @Nullable JsonObject lastLogin() {
    return lastLogin;
  }

  /** How many tokens for passwords were asked for. */
  public int logins() {
    return logins.get();
  }

  /** How often it was asked about tokens. */
  public int validations() {
    return validations.get();
  }

  /** How many requests it had at the same time at most. */
  public int mostOpen() {
    return mostOpen.get();
  }

  private void handle(HttpServerRequest request) {
    mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
    request.response().endHandler(sent -> open.decrementAndGet());
    request
        .body()
        .compose(body -> after(delay).map(body))
        .onSuccess(
            body -> {
              if (status != 0) {
                request.response().setStatusCode(status).end();
              } else if (request.method().equals(HttpMethod.POST)) {
                login(request, body.toJsonObject());
              } else if (String.valueOf(request.path()).endsWith("/auth/projects")) {
                projects(request);
              } else if (String.valueOf(request.path()).contains("limits")) {
                list(request);
              } else {
                validate(request);
              }
            });
  }

  private Future<Void> after(Duration time) {
    return time.isZero()
        ? Future.succeededFuture()
        : vertx.timer(time.toMillis(), TimeUnit.MILLISECONDS).mapEmpty();
  }

  private void login(HttpServerRequest request, JsonObject body) {
    lastLogin = body;
    var token = "service-" + logins.incrementAndGet();
    if (!body.encode().contains('"' + PASSWORD + '"')) {
      request.response().setStatusCode(401).end();
      return;
    }
    own.add(token);
    if (body.encode().contains("\"system\":{\"all\":true}")) {
      ofSystem.add(token);
    }
    var content = new JsonObject().put("expires_at", Instant.now().plus(ownLife).toString());
    request
        .response()
        .setStatusCode(201)
        .putHeader("X-Subject-Token", token)
        .end(new JsonObject().put("token", content).encode());
  }

  private void projects(HttpServerRequest request) {
    if (own.contains(String.valueOf(request.getHeader("X-Auth-Token")))) {
      var projects = new JsonArray().add(named("a").put("enabled", true));
      request.response().end(new JsonObject().put("projects", projects).encode());
    } else {
      request.response().setStatusCode(401).end();
    }
  }

  private void validate(HttpServerRequest request) {
    validations.incrementAndGet();
    var response = request.response();
    var text = nonsense;
    var content = tokens.get(String.valueOf(request.getHeader("X-Subject-Token")));
    if (!own.contains(String.valueOf(request.getHeader("X-Auth-Token")))) {
      response.setStatusCode(401).end();
    } else if (text != null) {
      response.end(text);
    } else if (content == null || (isExpired(content) && !mayHaveExpired(request))) {
      response.setStatusCode(404).end();
    } else {
      var told = content.copy();
      if (!String.valueOf(request.query()).contains("nocatalog")) {
        told.put("catalog", new JsonArray(List.copyOf(catalog)));
      }
      response.end(new JsonObject().put("token", told).encode());
    }
  }

  /** Only those with a role on the system see the limits of all. */
  private void list(HttpServerRequest request) {
    var token = String.valueOf(request.getHeader("X-Auth-Token"));
    if (!own.contains(token) || !ofSystem.contains(token)) {
      request.response().setStatusCode(own.contains(token) ? 403 : 401).end();
      return;
    }
    if (String.valueOf(request.path()).endsWith("/limits/model")) {
      var enforced = new JsonObject().put("name", model).put("description", "");
      request.response().end(new JsonObject().put("model", enforced).encode());
      return;
    }
    boolean isRegistry = String.valueOf(request.path()).endsWith("/registered_limits");
    var project = String.valueOf(request.getParam("project_id"));
    var found = isRegistry ? registered : limits.getOrDefault(project, Map.of());
    var list = new JsonArray();
    found.forEach(
        (resource, limit) ->
            list.add(
                new JsonObject()
                    .put("resource_name", resource)
                    .put(isRegistry ? "default_limit" : "resource_limit", limit)
                    .put("project_id", isRegistry ? null : project)));
    if (!isRegistry) {
      limitLists.incrementAndGet();
    }
    var name = isRegistry ? "registered_limits" : "limits";
    request.response().end(new JsonObject().put(name, list).encode());
  }

  private static boolean isExpired(JsonObject content) {
    return Instant.parse(content.getString("expires_at")).isBefore(Instant.now());
  }

  private static boolean mayHaveExpired(HttpServerRequest request) {
    return String.valueOf(request.query()).contains("allow_expired=1");
  }

  private static JsonObject scoped(String user, String scope, JsonObject on, String... roles) {
    var named = new JsonArray();
    List.of(roles).forEach(role -> named.add(new JsonObject().put("id", "r").put("name", role)));
    return new JsonObject().put("user", named(user)).put(scope, on).put("roles", named);
  }

  private static JsonObject named(String id) {
    var domain = new JsonObject().put("id", "default").put("name", "Default");
    return new JsonObject().put("id", id).put("name", "The " + id).put("domain", domain);
  }

  @Override
  public void close() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
  }
}
