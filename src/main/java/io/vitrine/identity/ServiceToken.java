package io.vitrine.identity;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This service's own token, kept until shortly before it expires. Whoever asks while one is being
 * fetched waits for that one. A failure is kept for a moment too: wrong credentials that are tried
 * again and again lock an account. Safe for use by several threads.
 */
final class ServiceToken {
  private static final Logger log = LoggerFactory.getLogger(ServiceToken.class);

  /** Enough for a request that is under way with the token. */
  private static final Duration MARGIN = Duration.ofSeconds(60);

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final KeystoneClient client;
  private final Credentials credentials;
  private final Clock clock;
  private @Nullable Future<String> current;
  private Instant usableUntil = Instant.MAX;

  ServiceToken(KeystoneClient client, Credentials credentials, Clock clock) {
    this.client = client;
    this.credentials = credentials;
    this.clock = clock;
  }

  /** The token. */
  synchronized Future<String> get() {
    if (current != null && clock.instant().isBefore(usableUntil)) {
      return current;
    }
    usableUntil = Instant.MAX;
    current = fetch();
    return current;
  }

  /** Has another token fetched, unless this one has been replaced already. */
  synchronized void forget(String token) {
    if (current != null && current.succeeded() && token.equals(current.result())) {
      current = null;
    }
  }

  private Future<String> fetch() {
    return client
        .authenticate(new JsonObject().put("auth", credentials.auth()))
        .map(this::accept)
        .recover(this::postpone);
  }

  private String accept(KeystoneClient.Reply reply) {
    if (reply.status() != 201) {
      log.error("Keystone refuses the {} with status {}", credentials, reply.status());
      throw new IllegalStateException("refused");
    }
    var token = Objects.requireNonNull(reply.subjectToken(), "X-Subject-Token");
    var expiresAt =
        KeystoneToken.expiresAt(
            Objects.requireNonNull(reply.body().toJsonObject().getJsonObject("token")));
    use(expiresAt.minus(MARGIN));
    return token;
  }

  private Future<String> postpone(Throwable failure) {
    log.warn("no token for this service: {}", failure.getMessage());
    use(clock.instant().plus(PAUSE));
    return Tokens.unavailable("The identity service does not answer; try again later.");
  }

  private synchronized void use(Instant until) {
    usableUntil = until;
  }
}
