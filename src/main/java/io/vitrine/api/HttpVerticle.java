package io.vitrine.api;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.ext.web.Router;
import io.vitrine.api.filter.ConnectionDrain;
import io.vitrine.net.listener.HttpListener;
import io.vitrine.net.uwsgi.UwsgiConfig;
import io.vitrine.net.uwsgi.UwsgiListener;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Serves the Image API over HTTP/1.1, HTTP/2 and the uwsgi protocol. */
public final class HttpVerticle extends VerticleBase {
  private final HttpListener listener;
  private final UwsgiConfig uwsgiConfig;
  private final Routes routes;
  private final Duration idleTimeout;
  private final ConnectionDrain drain = new ConnectionDrain();
  private @Nullable UwsgiListener uwsgi;

  /** Listens at the configured addresses. */
  public HttpVerticle(HttpConfig http, UwsgiConfig uwsgiConfig, Routes routes) {
    this.listener = new HttpListener(http);
    this.idleTimeout = http.limits().idleTimeout();
    this.uwsgiConfig = uwsgiConfig;
    this.routes = routes;
  }

  @Override
  public Future<?> start() {
    // Reading the schemas takes too long for the event loop.
    return vertx
        .executeBlocking(() -> routes.router(vertx, drain), false)
        .map(Objects::requireNonNull)
        .compose(this::listen);
  }

  private Future<?> listen(Router router) {
    var fronts = new UwsgiListener(vertx, uwsgiConfig, listener.options());
    uwsgi = fronts;
    vertx.setPeriodic(Math.max(1, idleTimeout.toMillis() / 4), tick -> routes.cutStalled());
    return listener.start(vertx, router).compose(listening -> fronts.listen(router));
  }

  /** The HTTP port in use; never 0 once deployed. */
  public int port() {
    return listener.port();
  }

  /** The TCP port in use for the uwsgi protocol; 0 if there is none. */
  public int uwsgiPort() {
    return uwsgi == null ? 0 : uwsgi.port();
  }

  /** Goes on serving, but asks clients to close their connections. */
  public void leave() {
    drain.start();
  }

  /** Accepts no more connections and gives running requests this long to finish. */
  public Future<?> drain(Duration grace) {
    return uwsgi == null
        ? listener.drain(grace)
        : Future.all(listener.drain(grace), uwsgi.drain(grace));
  }
}
