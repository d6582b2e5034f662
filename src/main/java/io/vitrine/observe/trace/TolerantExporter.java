package io.vitrine.observe.trace;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs, at intervals, that a collector does not accept spans, which are then lost. */
final class TolerantExporter implements SpanExporter {
  private static final Logger log = LoggerFactory.getLogger(TolerantExporter.class);
  private static final Duration PAUSE = Duration.ofMinutes(1);

  /**
   * The library's own log messages; the reference keeps its level, which Java drops with the
   * logger.
   */
  private static final java.util.logging.Logger LIBRARY =
      java.util.logging.Logger.getLogger("io.opentelemetry");

  private final SpanExporter exporter;
  private final String collector;
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong quietUntilNanos = new AtomicLong(System.nanoTime());

  TolerantExporter(SpanExporter exporter, String collector) {
    this.exporter = exporter;
    this.collector = collector;
    LIBRARY.setLevel(Level.OFF);
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    var result = exporter.export(spans);
    return result.whenComplete(
        () -> {
          if (!result.isSuccess()) {
            lost.addAndGet(spans.size());
            warn(result.getFailureThrowable());
          }
        });
  }

  private void warn(@Nullable Throwable reason) {
    long quietUntil = quietUntilNanos.get();
    long now = System.nanoTime();
    if (now - quietUntil >= 0 && quietUntilNanos.compareAndSet(quietUntil, now + PAUSE.toNanos())) {
      log.atWarn()
          .addKeyValue("collector", collector)
          .addKeyValue("lost_spans", lost.getAndSet(0))
          .addKeyValue("error", reason == null ? "no reason given" : reason.toString())
          .log("The collector does not accept traces");
    }
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
