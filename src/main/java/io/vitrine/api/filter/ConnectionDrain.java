package io.vitrine.api.filter;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;

/**
 * Adds {@code Connection: close} to every answer once this process is about to stop (RFC 9112,
 * section 9.6): a request that arrives just as the listener closes would be lost. HTTP/2 does not
 * need it; the listener sends GOAWAY when it closes.
 */
public final class ConnectionDrain implements Handler<RoutingContext> {
  private volatile boolean isStarted;

  /** Starts to close connections, also those of requests in progress. */
  public void start() {
    isStarted = true;
  }

  @Override
  public void handle(RoutingContext context) {
    if (context.request().version() != HttpVersion.HTTP_2) {
      context.addHeadersEndHandler(
          sending -> {
            if (isStarted) {
              context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
          });
    }
    context.next();
  }
}
