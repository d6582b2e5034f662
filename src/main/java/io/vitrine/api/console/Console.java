package io.vitrine.api.console;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.identity.Identity;
import io.vitrine.access.identity.IdentityConfig;
import io.vitrine.api.filter.RouteGroup;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;

/**
 * The web console.
 *
 * @param page serves the page
 * @param signIns how its user signs in through this service, by the path below which the routes
 *     are; empty if there is no such way
 */
public record Console(Handler<RoutingContext> page, Map<String, RouteGroup> signIns) {
  /** The path of the page, without its slash. */
  public static final String PATH = ConsoleHandler.PATH;

  /** Copies the map. */
  public Console {
    signIns = Map.copyOf(signIns);
  }

  /**
   * The console of a deployment. Reads resources.
   *
   * @param identity authenticates callers as configured
   */
  public static Console of(IdentityConfig config, Identity identity, Vertx vertx, Clock clock) {
    var signIns = new TreeMap<String, RouteGroup>();
    config
        .used()
        .signIn(vertx)
        .ifPresent(service -> signIns.put(SignInRoutes.PATH, new SignInRoutes(service)));
    config
        .used()
        .codeSignIn(vertx, clock)
        .ifPresent(
            service -> signIns.put(ProviderRoutes.PATH, new ProviderRoutes(service, identity)));
    boolean hasProvider = signIns.containsKey(ProviderRoutes.PATH);
    return new Console(new ConsoleHandler(config.kind().name(), hasProvider), signIns);
  }
}
