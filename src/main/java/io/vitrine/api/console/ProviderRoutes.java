package io.vitrine.api.console;

import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vitrine.image.problem.ProblemException.forbidden;
import static io.vitrine.image.problem.ProblemException.invalid;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.identity.CodeSignIn;
import io.vitrine.access.identity.CodeSignIn.Answer;
import io.vitrine.access.identity.CodeSignIn.Grant;
import io.vitrine.access.identity.Identity;
import io.vitrine.api.filter.Endpoints;
import io.vitrine.api.filter.RouteGroup;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import io.vitrine.image.Caller;
import io.vitrine.image.problem.Problem;
import io.vitrine.image.problem.ProblemException;
import java.util.regex.Pattern;

/**
 * Exchanges authorization codes and refresh tokens of an OpenID Connect provider, most of which
 * answer no page of another origin. Tokens that the API would refuse are refused here.
 *
 * @param service the provider
 * @param identity authenticates callers by the tokens
 */
record ProviderRoutes(CodeSignIn service, Identity identity) implements RouteGroup {
  /** The path below which these routes are. */
  static final String PATH = ConsoleHandler.PATH + "/identity/oidc";

  /** RFC 7636 section 4.1. */
  private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");

  private static final int MAX_CHARACTERS = 16 << 10;

  @Override
  public void addTo(Endpoints endpoints) {
    endpoints.open(GET, "/provider", this::provider);
    endpoints.openWrite(POST, "/tokens", this::tokens);
  }

  private void provider(RoutingContext context) {
    service
        .provider()
        .onSuccess(
            known -> {
              var shown =
                  new JsonObject()
                      .put("issuer", known.issuer())
                      .put("client_id", known.clientId())
                      .put("scope", known.scope())
                      .put("authorization_endpoint", known.authorization().toString());
              known
                  .endSession()
                  .ifPresent(place -> shown.put("end_session_endpoint", place.toString()));
              answer(context, 200, shown);
            })
        .onFailure(context::fail);
  }

  private void tokens(RoutingContext context) {
    service
        .redeem(grant(Requests.object(context)))
        .compose(
            given ->
                switch (given) {
                  case Answer.Tokens tokens ->
                      caller(tokens).onSuccess(who -> answer(context, 200, shown(tokens, who)));
                  case Answer.Refusal refusal -> {
                    answer(context, 400, shown(refusal));
                    yield Future.succeededFuture();
                  }
                })
        .onFailure(context::fail);
  }

  private static Grant grant(JsonObject body) {
    if (body.containsKey("refresh_token")) {
      return new Grant.Refresh(text(body, "refresh_token"));
    }
    var verifier = text(body, "code_verifier");
    if (!VERIFIER.matcher(verifier).matches()) {
      throw invalid("code_verifier must have 43 to 128 letters, digits, and any of -._~");
    }
    return new Grant.Code(text(body, "code"), verifier, text(body, "redirect_uri"));
  }

  private static String text(JsonObject body, String key) {
    if (body.getValue(key) instanceof String text
        && !text.isEmpty()
        && text.length() <= MAX_CHARACTERS) {
      return text;
    }
    throw invalid("%s must be a text of 1 to %d characters.".formatted(key, MAX_CHARACTERS));
  }

  private Future<Caller> caller(Answer.Tokens tokens) {
    var headers = MultiMap.caseInsensitiveMultiMap();
    headers.add(HttpHeaders.AUTHORIZATION, "Bearer " + tokens.access());
    return identity
        .identify(headers)
        .recover(
            failure ->
                failure instanceof ProblemException refused
                        && refused.problem() instanceof Problem.Unauthenticated
                    ? Future.failedFuture(
                        forbidden(
                            "The identity provider has issued an access token that this service"
                                + " does not accept: it must be a signed JWT with the configured"
                                + " audience and user claim."))
                    : Future.failedFuture(failure));
  }

  private static JsonObject shown(Answer.Tokens tokens, Caller who) {
    var shown =
        new JsonObject()
            .put("access_token", tokens.access())
            .put("user", who.user())
            .put("project", who.project());
    tokens.seconds().ifPresent(seconds -> shown.put("expires_in", seconds));
    tokens.refresh().ifPresent(token -> shown.put("refresh_token", token));
    tokens.id().ifPresent(token -> shown.put("id_token", token));
    return shown;
  }

  private static JsonObject shown(Answer.Refusal refusal) {
    return new JsonObject()
        .put("error", refusal.error())
        .put("error_description", refusal.description());
  }

  private static void answer(RoutingContext context, int status, JsonObject body) {
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    Responses.json(context, status, body);
  }
}
