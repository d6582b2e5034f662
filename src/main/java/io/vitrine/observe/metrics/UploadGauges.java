package io.vitrine.observe.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** Meters of the uploads under way, {@code vitrine_upload_…}: sums over those of this process. */
public final class UploadGauges {
  private final MeterRegistry registry;
  private final Supplier<Totals> totals;

  private UploadGauges(MeterRegistry registry, Supplier<Totals> totals) {
    this.registry = registry;
    this.totals = totals;
  }

  /**
   * Sums over uploads under way.
   *
   * @param bytes how much has arrived
   * @param expectedBytes how much there is, of those that have said it
   * @param bytesPerSecond the present rate
   * @param remainingSeconds how long the slowest will take
   */
  public record Totals(
      long bytes, long expectedBytes, long bytesPerSecond, long remainingSeconds) {}

  /** Adds the meters to a registry; the sums are asked for at each scrape. */
  public static void register(MeterRegistry registry, Supplier<Totals> totals) {
    var gauges = new UploadGauges(registry, totals);
    gauges.add("received.bytes", "Bytes that uploads under way have brought", Totals::bytes);
    gauges.add("expected.bytes", "Sizes of uploads under way, if known", Totals::expectedBytes);
    gauges.add("rate.bytes", "Bytes per second of all uploads", Totals::bytesPerSecond);
    gauges.add(
        "remaining.seconds",
        "How long the slowest upload of known size will take at its present rate",
        Totals::remainingSeconds);
  }

  private void add(String name, String description, ToLongFunction<Totals> value) {
    Gauge.builder("vitrine.upload." + name, () -> value.applyAsLong(totals.get()))
        .description(description)
        .strongReference(true)
        .register(registry);
  }
}
