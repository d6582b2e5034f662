package io.vitrine.identity;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vitrine.quota.Limits;
import io.vitrine.quota.ProjectLimits;
import io.vitrine.quota.Resource;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The unified limits of Keystone's Identity API v3: what is registered for a service, and what
 * replaces it for a project. A resource that is not registered has the limit 0, as with oslo.limit.
 * Limits are asked for once however many want to know, and believed for a while. One instance
 * serves all event loops.
 */
public final class KeystoneLimits implements Limits {
  private static final Logger log = LoggerFactory.getLogger(KeystoneLimits.class);
  private static final int MAX_PROJECTS = 10_000;

  private final Vertx vertx;
  private final RetryingClient client;
  private final ServiceToken own;
  private final String base;
  private final Filter filter;
  private final AsyncCache<String, ProjectLimits> known;

  /** Which of the registered limits are meant; an empty text: all of that name. */
  public record Filter(String service, String region) {
    private String query() {
      return (service.isEmpty() ? "" : "service_id=" + encoded(service) + "&")
          + (region.isEmpty() ? "" : "region_id=" + encoded(region) + "&");
    }
  }

  /** The limits of a Keystone, believed for so long. */
  public KeystoneLimits(
      Vertx vertx, KeystoneSettings settings, Filter filter, Duration ttl, Clock clock) {
    this.vertx = vertx;
    this.filter = filter;
    client = new RetryingClient(vertx, settings.client());
    base = settings.base();
    own = new ServiceToken(client, settings.tokens(), settings.credentials().forTheSystem(), clock);
    known = Caffeine.newBuilder().maximumSize(MAX_PROJECTS).expireAfterWrite(ttl).buildAsync();
  }

  @Override
  public Future<ProjectLimits> of(String project) {
    var limits =
        known.get(
            project, (key, executor) -> fetch(project).toCompletionStage().toCompletableFuture());
    return Future.fromCompletionStage(limits, vertx.getOrCreateContext());
  }

  private Future<ProjectLimits> fetch(String project) {
    return ask("/registered_limits?" + filter.query())
        .compose(
            registered ->
                ask("/limits?" + filter.query() + "project_id=" + encoded(project))
                    .map(own -> merged(registered, own, project)));
  }

  /** Our own token may have been revoked; one more will do, or none. */
  private Future<JsonObject> ask(String resource) {
    var uri = URI.create(base + resource);
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

  private Future<RetryingClient.Reply> send(URI uri, String token) {
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
    put(amounts, registered, "registered_limits", "default_limit", Optional.empty());
    put(amounts, own, "limits", "resource_limit", Optional.of(project));
    return new ProjectLimits(amounts, OptionalLong.empty());
  }

  private static void put(
      Map<Resource, Long> amounts,
      JsonObject answer,
      String list,
      String value,
      Optional<String> project) {
    for (var each : answer.getJsonArray(list)) {
      if (each instanceof JsonObject limit
          && limit.getValue(value) instanceof Number amount
          && project.stream().allMatch(id -> id.equals(limit.getString("project_id")))) {
        Resource.find(limit.getString("resource_name", ""))
            .ifPresent(resource -> amounts.put(resource, amount.longValue()));
      }
    }
  }

  private static <T> Future<T> useless(String reason) {
    log.error("Keystone does not say what the limits are: {}", reason);
    return Tokens.unavailable("The identity service gives no usable answer; try again later.");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
