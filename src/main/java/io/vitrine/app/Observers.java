package io.vitrine.app;

import static io.vitrine.app.lifecycle.Lifecycle.await;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import io.vitrine.app.lifecycle.Lifecycle;
import io.vitrine.net.listener.ListenerTransport;
import io.vitrine.observe.log.TraceId;
import io.vitrine.observe.trace.CollectedTraces;
import io.vitrine.observe.trace.Traces;
import io.vitrine.settings.VitrineConfig;
import io.vitrine.transfer.bus.Codecs;
import java.io.IOException;
import java.util.Optional;

/**
 * What observes a process, its meters and its traces; and the event loops, which both of them
 * observe.
 */
record Observers(
    VitrineConfig config,
    Lifecycle lifecycle,
    PrometheusMeterRegistry meters,
    Optional<CollectedTraces> collected) {
  /** Traces close last, so that they export the spans of everything that stops before them. */
  static Observers open(VitrineConfig config, Lifecycle lifecycle) throws IOException {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var traces = CollectedTraces.openIfEnabled(config.tracing(), config.node().name());
    traces.ifPresent(
        opened -> {
          lifecycle.onClose("traces", opened::close);
          TraceId.from(opened::currentId);
          lifecycle.onClose("ids of traces", TraceId::none);
        });
    return new Observers(config, lifecycle, registry, traces);
  }

  Traces traces() {
    return collected.map(CollectedTraces::traces).orElse(Traces.OFF);
  }

  /** Starts the event loops of the process. */
  Vertx vertx() {
    measureJvm();
    var options =
        new VertxOptions()
            // When the peer closes a connection on which reading is paused, epoll closes it at once
            // and loses the unread data. NIO does not, and is equally fast here.
            .setPreferNativeTransport(false)
            .setMetricsOptions(new MicrometerMetricsOptions().setEnabled(true));
    var builder =
        Vertx.builder()
            .with(options)
            .withMetrics(new MicrometerMetricsFactory(meters))
            .withTransport(new ListenerTransport(config.http()));
    collected.ifPresent(opened -> builder.withTracer(opened.factory()));
    var vertx = builder.build();
    lifecycle.onClose("event loops", () -> await(vertx.close()));
    Codecs.register(vertx);
    return vertx;
  }

  private void measureJvm() {
    new JvmMemoryMetrics().bindTo(meters);
    new JvmThreadMetrics().bindTo(meters);
    new ProcessorMetrics().bindTo(meters);
    var collections = new JvmGcMetrics();
    collections.bindTo(meters);
    lifecycle.onClose("metrics of the garbage collector", collections::close);
  }

  /** Starts an event loop that nothing else can occupy, for health checks and metrics. */
  Vertx watcher() {
    var vertx =
        Vertx.vertx(
            new VertxOptions()
                .setPreferNativeTransport(false)
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(2));
    lifecycle.onClose("watching event loop", () -> await(vertx.close()));
    return vertx;
  }
}
