package io.vitrine.access.oidc;

import io.vertx.core.json.JsonObject;
import io.vitrine.net.address.Url;
import java.util.Optional;

/**
 * The endpoints that a discovery document names (OpenID Connect Discovery 1.0 section 3,
 * RP-Initiated Logout 1.0 section 2.1).
 *
 * @param endSession empty if users cannot sign out there
 */
record ProviderEndpoints(Url authorization, Url token, Optional<Url> endSession) {
  /**
   * Reads the document.
   *
   * @throws RuntimeException if an endpoint is missing or no URL, or is not protected by TLS though
   *     the issuer is
   */
  static ProviderEndpoints of(JsonObject document) {
    var issuer = Url.parseHttp(document.getString("issuer"));
    return new ProviderEndpoints(
        endpoint(document, "authorization_endpoint", issuer).orElseThrow(),
        endpoint(document, "token_endpoint", issuer).orElseThrow(),
        endpoint(document, "end_session_endpoint", issuer));
  }

  private static Optional<Url> endpoint(JsonObject document, String name, Url issuer) {
    var text = document.getString(name);
    if (text == null) {
      return Optional.empty();
    }
    var url = Url.parseHttp(text);
    if (issuer.isSecure() && !url.isSecure()) {
      throw new IllegalStateException(name + " must be https, as the issuer is");
    }
    return Optional.of(url);
  }
}
