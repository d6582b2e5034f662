package io.vitrine.observe.metrics;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.tracing.TracingPolicy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Serves metrics and health on a separate port, so that probes and scrapes never wait behind
 * uploads.
 */
public final class ManagementVerticle extends VerticleBase {
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final ManagementConfig config;
  private final PrometheusMeterRegistry registry;
  private final Health health;
  private @Nullable HttpServer server;

  /** A management server for the given sources. */
  public ManagementVerticle(
      ManagementConfig config, PrometheusMeterRegistry registry, Health health) {
    this.config = config;
    this.registry = registry;
    this.health = health;
  }

  @Override
  public Future<?> start() {
    // No traces of probes and scrapes.
    var options = new HttpServerOptions().setTracingPolicy(TracingPolicy.IGNORE);
    server = vertx.createHttpServer(options).requestHandler(this::answer);
    return server.listen(config.port(), config.host());
  }

  /** The port it listens on. */
  public int port() {
    return server == null ? config.port() : server.actualPort();
  }

  private void answer(HttpServerRequest request) {
    switch (String.valueOf(request.path())) {
      case "/metrics" -> scrape(request);
      case "/health/live" -> answer(request, true);
      case "/health/started" -> answer(request, health.hasStarted());
      case "/health/ready" -> ready(request);
      default -> request.response().setStatusCode(404).end();
    }
  }

  private void scrape(HttpServerRequest request) {
    vertx
        .executeBlocking(() -> registry.scrape())
        .onSuccess(text -> request.response().putHeader("Content-Type", PROMETHEUS_TEXT).end(text))
        .onFailure(failure -> answer(request, false));
  }

  /** Answers from memory, at once, whatever is down. */
  private void ready(HttpServerRequest request) {
    var obstacle = health.obstacle();
    var lines = new ArrayList<>(List.of(obstacle.isEmpty() ? "UP" : "DOWN"));
    obstacle.ifPresent(lines::add);
    lines.addAll(health.faults());
    request.response().setStatusCode(obstacle.isEmpty() ? 200 : 503).end(String.join("\n", lines));
  }

  private static void answer(HttpServerRequest request, boolean isWell) {
    request.response().setStatusCode(isWell ? 200 : 503).end(isWell ? "UP" : "DOWN");
  }
}
