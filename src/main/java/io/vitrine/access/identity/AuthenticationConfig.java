package io.vitrine.access.identity;

import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Optional;

/** The configuration of one way to authenticate callers: it opens the identity. */
public interface AuthenticationConfig {
  /** Opens the identity. */
  Identity open(Vertx vertx, Clock clock);

  /**
   * Commands to try first, indented by two spaces.
   *
   * @param url the URL of the API
   */
  String examples(String url);

  /** How users of a web page sign in through this service; empty if there is no such way. */
  default Optional<SignIn> signIn(Vertx vertx) {
    return Optional.empty();
  }

  /**
   * How users of a web page sign in with the codes of a provider; empty if there is no such way.
   */
  default Optional<CodeSignIn> codeSignIn(Vertx vertx, Clock clock) {
    return Optional.empty();
  }

  /** Whether callers have tokens; without them, every caller is an administrator. */
  default boolean hasTokens() {
    return true;
  }

  /** Whether only this machine may connect. */
  default boolean isLoopbackOnly() {
    return false;
  }
}
