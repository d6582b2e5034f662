package io.vitrine.app;

import io.vitrine.observe.trace.CollectedTraces;
import io.vitrine.settings.VitrineConfig;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Creates tracing from the configuration. */
final class TraceWiring {
  private TraceWiring() {}

  /** Empty if tracing is off. Blocks. */
  static Optional<CollectedTraces> open(VitrineConfig config) throws IOException {
    var tracing = config.tracing();
    if (!tracing.enabled()) {
      return Optional.empty();
    }
    var version =
        Objects.requireNonNullElse(
            TraceWiring.class.getPackage().getImplementationVersion(), "unknown");
    return Optional.of(
        CollectedTraces.open(
            new CollectedTraces.Settings(
                tracing.endpoint().orElseThrow(),
                tracing.headersByName(),
                tracing.caFile(),
                tracing.sampleRatio(),
                tracing.followCallers(),
                Map.of(
                    "service.name", tracing.serviceName(),
                    "service.instance.id", config.node().name(),
                    "service.version", version))));
  }
}
