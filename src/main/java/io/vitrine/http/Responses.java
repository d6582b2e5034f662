package io.vitrine.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Answers that are not errors. */
final class Responses {
  private Responses() {}

  static void json(RoutingContext context, int status, JsonObject body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=UTF-8")
        .end(body.toBuffer());
  }

  static void json(RoutingContext context, int status, JsonArray body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=UTF-8")
        .end(body.toBuffer());
  }

  static void empty(RoutingContext context, int status) {
    context.response().setStatusCode(status).end();
  }
}
