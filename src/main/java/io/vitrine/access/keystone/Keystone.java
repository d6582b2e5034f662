package io.vitrine.access.keystone;

import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vitrine.access.identity.RetryingClient;
import io.vitrine.image.problem.ProblemException;
import io.vitrine.net.address.Url;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks Keystone to validate tokens. */
final class Keystone {
  private static final Logger log = LoggerFactory.getLogger(Keystone.class);

  private final RetryingClient client;
  private final Url tokens;
  private final ServiceToken own;

  Keystone(RetryingClient client, Url tokens, ServiceToken own) {
    this.client = client;
    this.tokens = tokens;
    this.own = own;
  }

  /** Validates a token; never fails. */
  Future<TokenValidation> validate(String token, boolean mayHaveExpired) {
    return ask(token, mayHaveExpired ? "?nocatalog&allow_expired=1" : "?nocatalog")
        .map(Keystone::toValidation)
        .recover(failure -> Future.succeededFuture(new TokenValidation.Unknown(failure)));
  }

  /** The service catalog of the owner of an accepted token. */
  Future<ServiceCatalog> services(String token) {
    return ask(token, "?allow_expired=1").map(Keystone::services);
  }

  private Future<RetryingClient.Reply> ask(String token, String query) {
    return own.get()
        .compose(
            mine -> ask(mine, token, query).compose(reply -> retried(mine, reply, token, query)));
  }

  /**
   * Keystone may have revoked our own token, so a second attempt uses a new one; there is no third.
   */
  private Future<RetryingClient.Reply> retried(
      String mine, RetryingClient.Reply reply, String token, String query) {
    if (reply.status() != 401) {
      return Future.succeededFuture(reply);
    }
    own.forget(mine);
    return own.get().compose(renewed -> ask(renewed, token, query));
  }

  private Future<RetryingClient.Reply> ask(String mine, String token, String query) {
    return client.send(
        RetryingClient.Ask.get(
            Url.parse(tokens + query), Map.of("X-Auth-Token", mine, "X-Subject-Token", token)));
  }

  private static TokenValidation toValidation(RetryingClient.Reply reply) {
    return switch (reply.status()) {
      case 200 -> accepted(reply);
      case 404 -> new TokenValidation.Refused();
      default -> useless("status " + reply.status());
    };
  }

  private static TokenValidation accepted(RetryingClient.Reply reply) {
    try {
      return new TokenValidation.Accepted(KeystoneToken.parse(reply.body().toJsonObject()));
    } catch (DecodeException | ClassCastException | IllegalArgumentException malformed) {
      return useless(malformed.getClass().getSimpleName());
    }
  }

  private static ServiceCatalog services(RetryingClient.Reply reply) {
    if (reply.status() == 404) {
      return new ServiceCatalog(new JsonArray());
    }
    try {
      if (reply.status() == 200) {
        return ServiceCatalog.parse(reply.body().toJsonObject());
      }
    } catch (DecodeException | ClassCastException malformed) {
      log.atDebug().setCause(malformed).log("Keystone sent a malformed service catalog");
    }
    log.atError().addKeyValue("status", reply.status()).log("Keystone does not list its services");
    throw unusable();
  }

  private static TokenValidation useless(String reason) {
    log.atError().addKeyValue("error", reason).log("Keystone cannot validate a token");
    return new TokenValidation.Unknown(unusable());
  }

  private static ProblemException unusable() {
    return unavailable("The identity service sent an unusable answer; try again later.");
  }
}
