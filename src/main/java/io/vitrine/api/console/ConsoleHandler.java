package io.vitrine.api.console;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import java.util.Set;

/**
 * Serves the console below {@code /ui}. All its links are relative, so it works wherever a proxy
 * mounts the API.
 */
final class ConsoleHandler implements Handler<RoutingContext> {
  /** The path of the page, without its slash. */
  static final String PATH = "/ui";

  private static final String ASSETS = PATH + "/assets/";
  private static final Set<HttpMethod> METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final ConsoleFiles files = new ConsoleFiles();
  private final JsonObject settings;

  /**
   * Reads the console's files.
   *
   * @param identityKind the kind of identity, by which the page knows how its user signs in
   * @param hasProvider whether that is by the codes of a provider
   */
  ConsoleHandler(String identityKind, boolean hasProvider) {
    settings = new JsonObject().put("identity", identityKind);
    if (hasProvider) {
      settings.put("provider", true);
    }
  }

  @Override
  public void handle(RoutingContext context) {
    if (!METHODS.contains(context.request().method())) {
      context.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
      context.fail(405);
      return;
    }
    var path = Requests.path(context);
    switch (path) {
      case PATH -> toPage(context);
      case PATH + "/" -> page(context);
      case PATH + "/config.json" -> settings(context);
      default -> {
        if (path.startsWith(ASSETS)) {
          asset(context, path.substring(ASSETS.length()));
        } else {
          context.fail(404);
        }
      }
    }
  }

  /** Without the slash, relative links would miss the page's directory. */
  private static void toPage(RoutingContext context) {
    context.response().putHeader(HttpHeaders.LOCATION, "ui/");
    Responses.empty(context, 302);
  }

  private void page(RoutingContext context) {
    var tag = "W/\"" + files.digest() + "\"";
    secure(context);
    context
        .response()
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
        .putHeader(HttpHeaders.ETAG, tag);
    boolean isKnown =
        Requests.header(context, "If-None-Match").filter(known -> known.contains(tag)).isPresent();
    if (isKnown) {
      Responses.empty(context, 304);
    } else {
      send(context, files.page());
    }
  }

  private void settings(RoutingContext context) {
    secure(context);
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    Responses.json(context, 200, settings);
  }

  private void asset(RoutingContext context, String path) {
    files
        .find(path)
        .ifPresentOrElse(
            file -> {
              secure(context);
              context
                  .response()
                  .putHeader(HttpHeaders.CACHE_CONTROL, "public, max-age=31536000, immutable");
              send(context, file);
            },
            () -> context.fail(404));
  }

  private static void send(RoutingContext context, ConsoleFile file) {
    context.response().putHeader(HttpHeaders.CONTENT_TYPE, file.type());
    Responses.shared(context, file.plain(), file.gzip());
  }

  private void secure(RoutingContext context) {
    context
        .response()
        .putHeader("Content-Security-Policy", files.securityPolicy())
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .putHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
  }
}
