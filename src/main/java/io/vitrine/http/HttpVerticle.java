package io.vitrine.http;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vitrine.listen.HttpListener;
import io.vitrine.uwsgi.UwsgiListener;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Serves the Image API over HTTP/1.1, HTTP/2 and the uwsgi protocol. */
public final class HttpVerticle extends VerticleBase {
  private final HttpListener listener;
  private final Services services;
  private final Farewell farewell = new Farewell();
  private final UwsgiListener.Settings uwsgiSettings;
  private @Nullable UwsgiListener uwsgi;

  /** A server at a listener, and at those of the uwsgi protocol, over the services. */
  public HttpVerticle(
      HttpListener listener, UwsgiListener.Settings uwsgiSettings, Services services) {
    this.listener = listener;
    this.uwsgiSettings = uwsgiSettings;
    this.services = services;
  }

  @Override
  public Future<?> start() {
    var callers = services.callers();
    var router =
        new Routes(
                vertx,
                new PolicyIdentity(callers.identity(), callers.policy()),
                services.settings(),
                services.watching(),
                Handlers.over(services, vertx))
            .router(farewell);
    var fronts = new UwsgiListener(vertx, uwsgiSettings, listener.options());
    uwsgi = fronts;
    return listener.start(vertx, router).compose(listening -> fronts.listen(router));
  }

  /** The port that is listened on. */
  public int port() {
    return listener.port();
  }

  /** The TCP port that is listened on for the uwsgi protocol; 0 if there is none. */
  public int uwsgiPort() {
    return uwsgi == null ? 0 : uwsgi.port();
  }

  /** Goes on taking requests, but answers that the next ones should go elsewhere. */
  public void leave() {
    farewell.say();
  }

  /** Takes no more connections and lets running requests finish within a time. */
  public Future<?> drain(Duration grace) {
    services.images().events().close();
    return uwsgi == null
        ? listener.drain(grace)
        : Future.all(listener.drain(grace), uwsgi.drain(grace));
  }
}
