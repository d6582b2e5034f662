package io.vitrine.access.oidc;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vitrine.access.identity.RetryingClient;
import io.vitrine.net.address.Url;
import java.util.Map;

/**
 * The documents of a provider, of which the first tells where the others are (OpenID Connect
 * Discovery 1.0).
 */
record ProviderDocuments(RetryingClient client, String issuer) {
  private static final String WELL_KNOWN = "/.well-known/openid-configuration";

  /**
   * The discovery document; by section 4.3 it must name the issuer from which it was fetched.
   * Redirects are not followed.
   */
  Future<JsonObject> discovery() {
    return get(Url.parse(issuer.replaceAll("/+$", "") + WELL_KNOWN))
        .map(
            document -> {
              if (!issuer.equals(document.getValue("issuer"))) {
                throw new IllegalStateException("the discovery document names another issuer");
              }
              return document;
            });
  }

  /** A document, fetched anew. */
  Future<JsonObject> get(Url uri) {
    return client
        .send(RetryingClient.Ask.get(uri, Map.of()))
        .map(
            reply -> {
              if (reply.status() != 200) {
                throw new IllegalStateException(
                    "%s answered with status %d".formatted(uri, reply.status()));
              }
              return reply.body().toJsonObject();
            });
  }
}
