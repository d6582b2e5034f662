package io.vitrine.access.keystone;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vitrine.access.identity.CachedValue;
import io.vitrine.access.identity.IdentityConfig;
import io.vitrine.access.identity.RetryingClient;
import io.vitrine.access.identity.Tokens;
import io.vitrine.access.quota.Limits;
import io.vitrine.access.quota.ProjectLimits;
import io.vitrine.access.quota.QuotaConfig;
import io.vitrine.access.quota.Resource;
import io.vitrine.net.address.Url;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The unified limits of Keystone's Identity API v3: the registered limits of a service, and a
 * project's overrides. A resource without a registered limit has the limit 0, as with oslo.limit.
 * Concurrent callers share one request, and its answer is cached. One instance serves all event
 * loops.
 */
public final class KeystoneLimits implements Limits {
  private static final Logger log = LoggerFactory.getLogger(KeystoneLimits.class);
  private static final int MAX_PROJECTS = 10_000;

  private final Vertx vertx;
  private final RetryingClient client;
  private final ServiceToken own;
  private final CachedValue<String> model;
  private final Clock clock;
  private final String base;
  private final String query;
  private final AsyncCache<String, ProjectLimits> known;

  /** How long the enforcement model is cached; operators hardly ever change it. */
  private static final Duration MODEL_TTL = Duration.ofMinutes(10);

  /** The model in which each project has its own limits, whatever its parent. */
  private static final String FLAT = "flat";

  /** Reads the configured limits of a Keystone, and caches them. */
  public KeystoneLimits(
      Vertx vertx, KeystoneConfig config, QuotaConfig.Keystone limits, Clock clock) {
    this.vertx = vertx;
    query = query(limits);
    client = new RetryingClient(vertx, config);
    base = config.base();
    own = new ServiceToken(client, config.tokens(), config.credentials().forTheSystem(), clock);
    model = new CachedValue<>(this::fetchModel, clock);
    this.clock = clock;
    known =
        Caffeine.newBuilder()
            .maximumSize(MAX_PROJECTS)
            .expireAfterWrite(limits.cacheTtl())
            .buildAsync();
  }

  /** Opens the configured source of quotas; empty if projects are unlimited. */
  public static Optional<Limits> open(
      IdentityConfig identity, QuotaConfig quota, Vertx vertx, Clock clock) {
    if (!quota.isFromKeystone() || !(identity.used() instanceof KeystoneConfig keystone)) {
      return quota.limits();
    }
    var limits = new KeystoneLimits(vertx, keystone, quota.keystone(), clock);
    // Only for an early warning: a Keystone that is not up yet is asked again later.
    var _ = limits.checkModel();
    return Optional.of(limits);
  }

  /** Selects the registered limits by service and region; an empty text matches any. */
  private static String query(QuotaConfig.Keystone limits) {
    var service = limits.serviceId();
    var region = limits.regionId();
    return (service.isEmpty() ? "" : "service_id=" + encoded(service) + "&")
        + (region.isEmpty() ? "" : "region_id=" + encoded(region) + "&");
  }

  @Override
  public Future<ProjectLimits> of(String project) {
    var limits =
        known.get(
            project, (key, executor) -> fetch(project).toCompletionStage().toCompletableFuture());
    return Future.fromCompletionStage(limits, vertx.getOrCreateContext());
  }

  /**
   * Checks that Keystone enforces the flat model, and logs if not: oslo.limit supports no other,
   * and neither does this.
   */
  public Future<Void> checkModel() {
    return model.get().mapEmpty();
  }

  private Future<CachedValue.Dated<String>> fetchModel() {
    return ask("/limits/model")
        .compose(
            answer -> {
              var name = answer.getJsonObject("model", new JsonObject()).getString("name", "");
              if (name.equals(FLAT)) {
                return Future.succeededFuture(
                    new CachedValue.Dated<>(name, clock.instant().plus(MODEL_TTL)));
              }
              log.atError()
                  .addKeyValue("model", name)
                  .log(
                      "With quota.source keystone, [unified_limit] enforcement_model in"
                          + " keystone.conf must be flat");
              return Tokens.unavailable(
                  "Limits of the model '%s' are not supported; only flat limits are."
                      .formatted(name));
            });
  }

  private Future<ProjectLimits> fetch(String project) {
    return model
        .get()
        .compose(flat -> ask("/registered_limits?" + query))
        .compose(
            registered ->
                ask("/limits?" + query + "project_id=" + encoded(project))
                    .map(own -> merged(registered, own, project)));
  }

  /**
   * Keystone may have revoked our own token, so a second attempt uses a new one; there is no third.
   */
  private Future<JsonObject> ask(String resource) {
    var uri = Url.parse(base + resource);
    return own.get()
        .compose(
            token ->
                send(uri, token)
                    .compose(
                        reply -> {
                          if (reply.status() != 401) {
                            return Future.succeededFuture(reply);
                          }
                          own.forget(token);
                          return own.get().compose(renewed -> send(uri, renewed));
                        }))
        .compose(KeystoneLimits::read);
  }

  private Future<RetryingClient.Reply> send(Url uri, String token) {
    return client.send(RetryingClient.Ask.get(uri, Map.of("X-Auth-Token", token)));
  }

  private static Future<JsonObject> read(RetryingClient.Reply reply) {
    if (reply.status() != 200) {
      return useless("status " + reply.status());
    }
    try {
      return Future.succeededFuture(reply.body().toJsonObject());
    } catch (DecodeException | ClassCastException malformed) {
      return useless(malformed.getClass().getSimpleName());
    }
  }

  private static ProjectLimits merged(JsonObject registered, JsonObject own, String project) {
    var amounts = new EnumMap<Resource, Long>(Resource.class);
    for (var resource : Resource.values()) {
      amounts.put(resource, 0L);
    }
    put(amounts, registered.getJsonArray("registered_limits"), "default_limit", limit -> true);
    put(
        amounts,
        own.getJsonArray("limits"),
        "resource_limit",
        limit -> project.equals(limit.getString("project_id")));
    return new ProjectLimits(amounts, OptionalLong.empty());
  }

  private static void put(
      Map<Resource, Long> amounts, JsonArray limits, String value, Predicate<JsonObject> counts) {
    for (var each : limits) {
      if (each instanceof JsonObject limit
          && limit.getValue(value) instanceof Number amount
          && counts.test(limit)) {
        Resource.find(limit.getString("resource_name", ""))
            .ifPresent(resource -> amounts.put(resource, amount.longValue()));
      }
    }
  }

  private static <T> Future<T> useless(String reason) {
    log.atError().addKeyValue("error", reason).log("Keystone does not list the limits");
    return Tokens.unavailable("The identity service sent an unusable answer; try again later.");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
