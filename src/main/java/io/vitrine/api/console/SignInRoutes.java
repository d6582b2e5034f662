package io.vitrine.api.console;

import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vitrine.image.problem.ProblemException.unavailable;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vitrine.access.identity.RetryingClient.Reply;
import io.vitrine.access.identity.SignIn;
import io.vitrine.api.filter.Endpoints;
import io.vitrine.api.filter.RouteGroup;
import io.vitrine.api.request.Requests;
import io.vitrine.api.request.Responses;
import java.util.Optional;

/**
 * Passes sign-ins on to the identity service, so that a browser needs no way to it and it needs no
 * rules for other origins.
 *
 * @param service the identity service
 */
record SignInRoutes(SignIn service) implements RouteGroup {
  /** The path below which these routes are; they end as Keystone's do. */
  static final String PATH = ConsoleHandler.PATH + "/identity/v3/auth";

  private static final String TOKEN = "X-Auth-Token";
  private static final String GIVEN = "X-Subject-Token";

  @Override
  public void addTo(Endpoints endpoints) {
    endpoints.openWrite(POST, "/tokens", this::issue);
    endpoints.open(GET, "/projects", this::projects);
  }

  private void issue(RoutingContext context) {
    var credentials = Optional.ofNullable(context.body().buffer()).orElseGet(Buffer::buffer);
    answer(context, service.issue(credentials, Requests.client(context)));
  }

  private void projects(RoutingContext context) {
    var token = Requests.header(context, TOKEN).orElse("");
    answer(context, service.projects(token, Requests.client(context)));
  }

  private static void answer(RoutingContext context, Future<Reply> asked) {
    asked.onSuccess(reply -> answer(context, reply)).onFailure(context::fail);
  }

  private static void answer(RoutingContext context, Reply reply) {
    var document = document(reply);
    if (document.isEmpty()) {
      context.fail(unavailable("The identity service sent an unusable answer; try again later."));
      return;
    }
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    Optional.ofNullable(reply.headers().get(GIVEN))
        .ifPresent(token -> context.response().putHeader(GIVEN, token));
    Responses.json(context, reply.status(), document.get());
  }

  /** The JSON of an answer; a refusal needs none. */
  private static Optional<JsonObject> document(Reply reply) {
    try {
      return Optional.of(reply.body().toJsonObject());
    } catch (DecodeException | ClassCastException malformed) {
      return reply.status() < 400 ? Optional.empty() : Optional.of(new JsonObject());
    }
  }
}
