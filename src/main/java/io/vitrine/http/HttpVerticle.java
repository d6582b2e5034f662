package io.vitrine.http;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vitrine.listen.HttpListener;
import java.time.Duration;

/** Serves the Image API over HTTP/1.1 and HTTP/2. */
public final class HttpVerticle extends VerticleBase {
  private final HttpListener listener;
  private final Services services;

  /** A server at a listener, over the services. */
  public HttpVerticle(HttpListener listener, Services services) {
    this.listener = listener;
    this.services = services;
  }

  @Override
  public Future<?> start() {
    var callers = services.callers();
    var routes =
        new Routes(
            vertx,
            new PolicyIdentity(callers.identity(), callers.policy()),
            services.settings(),
            Handlers.over(services, vertx.eventBus()));
    return listener.start(vertx, routes.router());
  }

  /** The port that is listened on. */
  public int port() {
    return listener.port();
  }

  /** Takes no more connections and lets running requests finish within a time. */
  public Future<Void> drain(Duration grace) {
    return listener.drain(grace);
  }
}
