package io.vitrine.access.oidc;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.tracing.TracingPolicy;
import io.vitrine.access.identity.CachedValue;
import io.vitrine.access.identity.CodeSignIn;
import io.vitrine.access.identity.RetryingClient;
import io.vitrine.access.identity.Tokens;
import io.vitrine.net.address.Url;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs the console's users in. Codes and refresh tokens go to the token endpoint that the
 * provider's discovery document names, and nowhere else. One instance serves all event loops.
 */
final class OidcSignIn implements CodeSignIn {
  private static final Logger log = LoggerFactory.getLogger(OidcSignIn.class);
  private static final String UNUSABLE =
      "The identity service sent an unusable answer; try again later.";

  private final Vertx vertx;
  private final OidcConfig config;
  private final RetryingClient client;
  private final CachedValue<ProviderEndpoints> endpoints;

  OidcSignIn(Vertx vertx, OidcConfig config, Clock clock) {
    this.vertx = vertx;
    this.config = config;
    // The provider may be a third party, which must not see our trace ids.
    client = new RetryingClient(vertx, config, TracingPolicy.IGNORE);
    var documents = new ProviderDocuments(client, config.issuer().orElseThrow());
    endpoints =
        new CachedValue<>(
            () ->
                documents
                    .discovery()
                    .map(ProviderEndpoints::of)
                    .map(
                        found ->
                            new CachedValue.Dated<>(found, clock.instant().plus(config.keysTtl())))
                    .recover(OidcSignIn::unusable),
            clock);
  }

  @Override
  public Future<Provider> provider() {
    return endpoints()
        .map(
            found ->
                new Provider(
                    config.issuer().orElseThrow(),
                    config.console().clientId(),
                    String.join(" ", config.console().scopes()),
                    found.authorization(),
                    found.endSession()));
  }

  @Override
  public Future<Answer> redeem(Grant grant) {
    return endpoints().compose(found -> ask(found.token(), form(grant)));
  }

  /** The shared fetch may end on the event loop of another caller. */
  private Future<ProviderEndpoints> endpoints() {
    return Future.fromCompletionStage(
        endpoints.get().toCompletionStage(), vertx.getOrCreateContext());
  }

  private Future<Answer> ask(Url token, Map<String, String> form) {
    var headers = Map.of("Content-Type", "application/x-www-form-urlencoded");
    return client
        .sendOnce(new RetryingClient.Ask(HttpMethod.POST, token, headers, encoded(form)))
        .compose(
            reply -> {
              try {
                return Future.succeededFuture(TokenAnswer.read(reply));
              } catch (RuntimeException malformed) {
                return unusable(malformed);
              }
            });
  }

  /** The parameters of RFC 6749 sections 4.1.3 and 6, and of RFC 7636 section 4.5. */
  private Map<String, String> form(Grant grant) {
    var form = new LinkedHashMap<String, String>();
    form.put("client_id", config.console().clientId());
    switch (grant) {
      case Grant.Code(var code, var verifier, var redirectUri) -> {
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("code_verifier", verifier);
        form.put("redirect_uri", redirectUri);
      }
      case Grant.Refresh(var token) -> {
        form.put("grant_type", "refresh_token");
        form.put("refresh_token", token);
      }
    }
    return form;
  }

  private static Buffer encoded(Map<String, String> form) {
    return Buffer.buffer(
        form.entrySet().stream()
            .map(
                each ->
                    each.getKey()
                        + "="
                        + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&")));
  }

  private static <T> Future<T> unusable(Throwable failure) {
    log.atWarn()
        .addKeyValue("error", failure.toString())
        .log("Cannot use the OpenID provider for signing in");
    return Tokens.unavailable(UNUSABLE);
  }
}
