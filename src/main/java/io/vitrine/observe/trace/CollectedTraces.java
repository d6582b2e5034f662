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
 * Spans that go to a collector over OTLP and HTTP, some at a time, from a thread of their own. What
 * it does not take is lost; nobody waits for it but the one who closes this, and not for long.
 */
public final class CollectedTraces implements AutoCloseable {
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private final SdkTracerProvider provider;
  private final OpenTelemetrySdk sdk;
  private final boolean followsCallers;

  /**
   * What is told to whom.
   *
   * @param endpoint the URL that takes traces
   * @param headers of each request to it
   * @param caFile certificates in PEM that are trusted instead of the JDK's
   * @param sampleRatio the part of the traces beginning here that is told, 0 to 1
   * @param followsCallers whether a trace that a caller names goes on here
   * @param resource what names this process, such as service.name
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

  /** Begins to collect; whether the collector can be reached shows later. Blocks. */
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

  /** Makes Vert.x tell of requests and messages. */
  public VertxTracerFactory factory() {
    var all = new OpenTelemetryTracingFactory(sdk);
    return options -> new SelectiveTracer<>(all.tracer(options), followsCallers);
  }

  /** The id of the trace that the current context takes part in. */
  public Optional<String> currentId() {
    var found = io.opentelemetry.api.trace.Span.current().getSpanContext();
    return found.isValid() ? Optional.of(found.getTraceId()) : Optional.empty();
  }

  /** Begins spans that are collected. */
  public Traces traces() {
    return new Traces(sdk.getTracer(Traces.SCOPE));
  }

  /** Sends what is left, within a deadline. */
  @Override
  public void close() {
    provider.shutdown().join(CLOSE_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
  }
}
