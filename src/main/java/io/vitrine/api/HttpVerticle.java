package io.vitrine.api;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.ext.web.Router;
import io.vitrine.api.filter.Farewell;
import io.vitrine.api.filter.PolicyIdentity;
import io.vitrine.net.listener.HttpListener;
import io.vitrine.net.uwsgi.UwsgiListener;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Serves the Image API over HTTP/1.1, HTTP/2 and the uwsgi protocol. */
public final class HttpVerticle extends VerticleBase {
  private final HttpListener listener;
  private final Services services;
  private final Farewell farewell = new Farewell();
  private final UwsgiListener.Settings uwsgiSettings;
  private @Nullable UwsgiListener uwsgi;

  /** Listens at the given addresses, for HTTP and for the uwsgi protocol. */
  public HttpVerticle(
      HttpListener listener, UwsgiListener.Settings uwsgiSettings, Services services) {
    this.listener = listener;
    this.uwsgiSettings = uwsgiSettings;
    this.services = services;
  }

  @Override
  public Future<?> start() {
    // Reading the schemas takes too long for the event loop.
    return vertx
        .executeBlocking(this::router, false)
        .map(Objects::requireNonNull)
        .compose(this::listen);
  }

  private Router router() {
    var callers = services.callers();
    return new Routes(
            vertx,
            new PolicyIdentity(callers.identity(), callers.policy()),
            services.settings(),
            services.watching(),
            Handlers.over(services, vertx))
        .router(farewell);
  }

  private Future<?> listen(Router router) {
    var fronts = new UwsgiListener(vertx, uwsgiSettings, listener.options());
    uwsgi = fronts;
    var patience = services.settings().bodyTimeout();
    vertx.setPeriodic(
        Math.max(1, patience.toMillis() / 4),
        tick -> services.settings().room().cutStalled(patience));
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
    farewell.say();
  }

  /** Accepts no more connections and gives running requests this long to finish. */
  public Future<?> drain(Duration grace) {
    services.images().events().close();
    return uwsgi == null
        ? listener.drain(grace)
        : Future.all(listener.drain(grace), uwsgi.drain(grace));
  }
}
