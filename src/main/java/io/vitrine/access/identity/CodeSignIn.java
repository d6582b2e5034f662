package io.vitrine.access.identity;

import io.vertx.core.Future;
import io.vitrine.net.address.Url;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Signs users of a web page in with the authorization codes of a provider (RFC 6749 section 4.1,
 * RFC 7636), for a public client. Both methods fail as {@link
 * io.vitrine.image.problem.Problem.Unavailable} when the provider does not answer, or with what
 * cannot be used.
 */
public interface CodeSignIn {
  /** Where users sign in and out. */
  Future<Provider> provider();

  /**
   * What the provider gives for a code or a refresh token; each is sent once, to no other place.
   */
  Future<Answer> redeem(Grant grant);

  /**
   * A provider as the page needs to know it.
   *
   * @param issuer its name in its tokens
   * @param clientId the page's name there
   * @param scope what the page asks for, separated by blanks
   * @param authorization where users sign in
   * @param endSession where they sign out; empty if there is no such place
   */
  record Provider(
      String issuer, String clientId, String scope, Url authorization, Optional<Url> endSession) {}

  /** What a token is given for. */
  sealed interface Grant {
    /**
     * An authorization code.
     *
     * @param verifier proves that whoever has the code also asked for it
     * @param redirectUri where the provider sent the code
     */
    record Code(String code, String verifier, String redirectUri) implements Grant {}

    /** A refresh token. */
    record Refresh(String token) implements Grant {}
  }

  /** The provider's answer. */
  sealed interface Answer {
    /**
     * Tokens.
     *
     * @param seconds how long the access token is valid, if the provider tells
     */
    record Tokens(
        String access, Optional<String> refresh, Optional<String> id, OptionalLong seconds)
        implements Answer {}

    /** A refusal by its code, such as {@code invalid_grant}, and a text that may be empty. */
    record Refusal(String error, String description) implements Answer {}
  }
}
