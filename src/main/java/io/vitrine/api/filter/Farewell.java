package io.vitrine.api.filter;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;

/**
 * Tells clients with each answer, once this process is about to stop, that their connection is not
 * for further requests (RFC 9112, 9.6). One that is sent just when the listener closes would be
 * lost. HTTP/2 has a frame for that, which the closing listener sends.
 */
public final class Farewell implements Handler<RoutingContext> {
  private volatile boolean isSaid;

  /** From now on answers say it, also those to requests that are under way. */
  public void say() {
    isSaid = true;
  }

  @Override
  public void handle(RoutingContext context) {
    if (context.request().version() != HttpVersion.HTTP_2) {
      context.addHeadersEndHandler(
          sending -> {
            if (isSaid) {
              context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
          });
    }
    context.next();
  }
}
