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
import io.vitrine.net.address.Url;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
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

  /**
   * Settings of the export.
   *
   * @param endpoint the URL of the collector's traces
   * @param headers of each request to it
   * @param caFile authorities in PEM that are trusted instead of the JDK's
   * @param sampleRatio the fraction of traces starting here that is recorded, 0 to 1
   * @param followsCallers whether to continue the trace of a caller
   * @param resource attributes of this process, such as service.name
   */
  public record Settings(
      Url endpoint,
      Map<String, String> headers,
      Optional<Path> caFile,
      double sampleRatio,
      boolean followsCallers,
      Map<String, String> resource) {
    /** Copies the maps. */
    public Settings {
      headers = Map.copyOf(headers);
      resource = Map.copyOf(resource);
    }
  }

  private CollectedTraces(SdkTracerProvider provider, boolean followsCallers) {
    this.provider = provider;
    this.followsCallers = followsCallers;
    sdk =
        OpenTelemetrySdk.builder()
            .setTracerProvider(provider)
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build();
  }

  /** Starts exporting; the collector need not be reachable yet. Blocks. */
  public static CollectedTraces open(Settings settings) throws IOException {
    var exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(settings.endpoint().toString())
            .setConnectTimeout(CONNECT_TIMEOUT);
    settings.headers().forEach(exporter::addHeader);
    if (settings.caFile().isPresent()) {
      exporter.setTrustedCertificates(Files.readAllBytes(settings.caFile().get()));
    }
    var resource = Attributes.builder();
    settings.resource().forEach(resource::put);
    var provider =
        SdkTracerProvider.builder()
            .setResource(Resource.getDefault().merge(Resource.create(resource.build())))
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.sampleRatio())))
            .addSpanProcessor(
                BatchSpanProcessor.builder(
                        new TolerantExporter(exporter.build(), settings.endpoint().authority()))
                    .build())
            .build();
    return new CollectedTraces(provider, settings.followsCallers());
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
