package io.vitrine.access.oidc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives a provider the endpoints of the authorization code flow for a public client: whoever comes
 * is "ann" and agrees. Codes and refresh tokens are good for one use, and codes need their
 * verifier.
 */
public final class TestingCodes {
  /** The one client that is known. */
  public static final String CLIENT = "console";

  private final TestingProvider provider;
  private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
  private final Set<String> refreshTokens = ConcurrentHashMap.newKeySet();

  /** Adds the endpoints. */
  public TestingCodes(TestingProvider provider) {
    this.provider = provider;
    provider.add("authorization_endpoint", "authorize", this::authorize);
    provider.add("end_session_endpoint", "logout", request -> request.response().end());
    restore();
  }

  /** Answers at the token endpoint again. */
  public void restore() {
    provider.add(
        "token_endpoint",
        "token",
        request ->
            request.body().onSuccess(body -> token(request, parameters(body.toString(UTF_8)))));
  }

  private void authorize(HttpServerRequest request) {
    var asked = parameters(String.valueOf(request.query()));
    boolean isOrderly =
        CLIENT.equals(asked.get("client_id"))
            && "code".equals(asked.get("response_type"))
            && "S256".equals(asked.get("code_challenge_method"))
            && asked.containsKey("code_challenge");
    if (!isOrderly) {
      request.response().setStatusCode(400).end();
      return;
    }
    var code = UUID.randomUUID().toString();
    codes.put(code, asked);
    var back = asked.get("redirect_uri") + "?code=" + code + "&state=" + encoded(asked, "state");
    request.response().setStatusCode(302).putHeader("Location", back).end();
  }

  private void token(HttpServerRequest request, Map<String, String> asked) {
    var nonce = "";
    if ("refresh_token".equals(asked.get("grant_type"))) {
      if (!refreshTokens.remove(asked.getOrDefault("refresh_token", ""))) {
        refuse(request);
        return;
      }
    } else {
      var known = codes.remove(asked.getOrDefault("code", ""));
      if (known == null || !isProven(asked, known)) {
        refuse(request);
        return;
      }
      nonce = known.getOrDefault("nonce", "");
    }
    var refresh = UUID.randomUUID().toString();
    refreshTokens.add(refresh);
    var answer =
        new JsonObject()
            .put("access_token", provider.sign(provider.claims()))
            .put("token_type", "Bearer")
            .put("expires_in", 300)
            .put("refresh_token", refresh)
            .put(
                "id_token", provider.sign(provider.claims().put("aud", CLIENT).put("nonce", nonce)))
            .put("secret_of_the_provider", "stays there");
    request.response().putHeader("Content-Type", "application/json").end(answer.encode());
  }

  private static boolean isProven(Map<String, String> asked, Map<String, String> known) {
    return "authorization_code".equals(asked.get("grant_type"))
        && CLIENT.equals(asked.get("client_id"))
        && Objects.equals(known.get("redirect_uri"), asked.get("redirect_uri"))
        && challenge(asked.getOrDefault("code_verifier", "")).equals(known.get("code_challenge"));
  }

  /** The challenge S256 of a verifier (RFC 7636 section 4.2). */
  public static String challenge(String verifier) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static void refuse(HttpServerRequest request) {
    var reason = new JsonObject().put("error", "invalid_grant").put("error_description", "No.\n");
    request.response().setStatusCode(400).end(reason.encode());
  }

  /** Parameters of a query or a form. */
  public static Map<String, String> parameters(String text) {
    var found = new HashMap<String, String>();
    for (var each : text.split("&", -1)) {
      int end = each.indexOf('=');
      found.put(
          URLDecoder.decode(each.substring(0, end), UTF_8),
          URLDecoder.decode(each.substring(end + 1), UTF_8));
    }
    return found;
  }

  private static String encoded(Map<String, String> from, String name) {
    return URLEncoder.encode(from.getOrDefault(name, ""), UTF_8);
  }
}
