package io.vitrine.access.keystone;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vitrine.access.identity.CachedValue;
import io.vitrine.access.identity.RetryingClient;
import io.vitrine.access.identity.Tokens;
import io.vitrine.net.address.Url;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This service's own token, cached until shortly before it expires. */
final class ServiceToken {
  private static final Logger log = LoggerFactory.getLogger(ServiceToken.class);

  /** Long enough for a request that is in progress with the token. */
  private static final Duration MARGIN = Duration.ofSeconds(60);

  private final RetryingClient client;
  private final RetryingClient.Ask ask;
  private final Credentials credentials;
  private final CachedValue<String> token;

  ServiceToken(RetryingClient client, Url tokens, Credentials credentials, Clock clock) {
    this.client = client;
    this.credentials = credentials;
    var body = new JsonObject().put("auth", credentials.auth()).toBuffer();
    var headers = Map.of("Content-Type", "application/json");
    ask = new RetryingClient.Ask(HttpMethod.POST, tokens, headers, body);
    token = new CachedValue<>(this::fetch, clock);
  }

  Future<String> get() {
    return token.get();
  }

  /** Drops the refused token, unless another one has replaced it already. */
  void forget(String refused) {
    token.forget(refused);
  }

  private Future<CachedValue.Dated<String>> fetch() {
    return client
        .send(ask)
        .map(this::read)
        .recover(
            failure -> {
              log.atWarn()
                  .addKeyValue("error", failure.getMessage())
                  .log("Keystone issues no token for this service");
              return Tokens.unavailable("The identity service does not answer; try again later.");
            });
  }

  private CachedValue.Dated<String> read(RetryingClient.Reply reply) {
    if (reply.status() != 201) {
      throw new IllegalStateException(
          "Keystone refuses the %s with status %d".formatted(credentials, reply.status()));
    }
    var content = Objects.requireNonNull(reply.body().toJsonObject().getJsonObject("token"));
    return new CachedValue.Dated<>(
        Objects.requireNonNull(reply.headers().get("X-Subject-Token"), "X-Subject-Token"),
        KeystoneToken.expiresAt(content).minus(MARGIN));
  }
}
