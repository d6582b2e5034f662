package io.vitrine.api.console;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.identity.SignIn;
import java.util.Optional;

/**
 * The web console.
 *
 * @param page serves the page
 * @param signIn how its user signs in through this service; empty if there is no such way
 */
public record Console(Handler<RoutingContext> page, Optional<SignInRoutes> signIn) {
  /** The path of the page, without its slash. */
  public static final String PATH = ConsoleHandler.PATH;

  /**
   * The console of a deployment. Reads resources.
   *
   * @param identityKind the kind of identity
   */
  public static Console of(String identityKind, Optional<SignIn> signIn) {
    return new Console(new ConsoleHandler(identityKind), signIn.map(SignInRoutes::new));
  }
}
