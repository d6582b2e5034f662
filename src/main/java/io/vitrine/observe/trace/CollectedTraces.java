package io.vitrine.observe.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.vertx.core.spi.VertxTracerFactory;
import io.vertx.tracing.opentelemetry.OpenTelemetryTracingFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Exports spans to a collector over OTLP and HTTP, in batches, on a thread of its own. Spans that
 * the collector does not accept are lost. Only closing waits for it, within a deadline.
 */
public final class CollectedTraces implements AutoCloseable {
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private final SdkTracerProvider provider;
  private final OpenTelemetrySdk sdk;
  private final boolean followsCallers;

  private CollectedTraces(SdkTracerProvider provider, boolean followsCallers) {
    this.provider = provider;
    this.followsCallers = followsCallers;
    sdk =
        OpenTelemetrySdk.builder()
            .setTracerProvider(provider)
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build();
  }

  /**
   * Starts exporting; the collector need not be reachable yet. Blocks.
   *
   * @param node the name of this process
   * @return empty if tracing is off
   */
  public static Optional<CollectedTraces> openIfEnabled(TracingConfig config, String node)
      throws IOException {
    return config.enabled() ? Optional.of(open(config, node)) : Optional.empty();
  }

  private static CollectedTraces open(TracingConfig config, String node) throws IOException {
    var endpoint = config.endpoint().orElseThrow();
    var exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint.toString())
            .setConnectTimeout(CONNECT_TIMEOUT);
    config.headersByName().forEach(exporter::addHeader);
    if (config.caFile().isPresent()) {
      exporter.setTrustedCertificates(Files.readAllBytes(config.caFile().get()));
    }
    var resource = Attributes.builder();
    resource(config, node).forEach(resource::put);
    var provider =
        SdkTracerProvider.builder()
            .setResource(Resource.getDefault().merge(Resource.create(resource.build())))
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(config.sampleRatio())))
            .addSpanProcessor(
                BatchSpanProcessor.builder(
                        new TolerantExporter(exporter.build(), endpoint.authority()))
                    .build())
            .build();
    return new CollectedTraces(provider, config.followCallers());
  }

  /** The attributes of this process. */
  private static Map<String, String> resource(TracingConfig config, String node) {
    var version = CollectedTraces.class.getPackage().getImplementationVersion();
    return Map.of(
        "service.name", config.serviceName(),
        "service.instance.id", node,
        "service.version", Objects.requireNonNullElse(version, "unknown"));
  }

  /** Makes Vert.x trace requests and messages. */
  public VertxTracerFactory factory() {
    var all = new OpenTelemetryTracingFactory(sdk);
    return options -> new SelectiveTracer<>(all.tracer(options), followsCallers);
  }

  /** The id of the current context's trace; empty without one. */
  public Optional<String> currentId() {
    var found = io.opentelemetry.api.trace.Span.current().getSpanContext();
    return found.isValid() ? Optional.of(found.getTraceId()) : Optional.empty();
  }

  /** Starts spans that are exported. */
  public Traces traces() {
    return new Traces(sdk.getTracer(Traces.SCOPE));
  }

  /** Exports the remaining spans, within a deadline. */
  @Override
  public void close() {
    provider.shutdown().join(CLOSE_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
  }
}
