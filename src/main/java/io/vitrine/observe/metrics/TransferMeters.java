package io.vitrine.observe.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.atomic.AtomicInteger;

/** Meters of uploads and downloads, {@code vitrine_transfer_…}, tagged with the direction. */
public final class TransferMeters {
  private final Direction uploads;
  private final Direction downloads;

  /** Meters in the given registry. */
  public TransferMeters(MeterRegistry registry) {
    uploads = new Direction(registry, "in");
    downloads = new Direction(registry, "out");
  }

  /** Starts measuring an upload. */
  public Transfer upload() {
    return new Transfer(uploads);
  }

  /** Starts measuring a download. */
  public Transfer download() {
    return new Transfer(downloads);
  }

  /** One transfer, until it ends. */
  public static final class Transfer {
    private final Direction direction;
    private final Timer.Sample sample;

    private Transfer(Direction direction) {
      this.direction = direction;
      this.sample = Timer.start();
      direction.active.incrementAndGet();
    }

    /** Records a complete transfer. */
    public void succeeded(long bytes) {
      direction.active.decrementAndGet();
      direction.bytes.record((double) bytes);
      sample.stop(direction.seconds);
    }

    /** Records a failed transfer. */
    public void failed() {
      direction.active.decrementAndGet();
      direction.failures.increment();
    }
  }

  private static final class Direction {
    private final AtomicInteger active = new AtomicInteger();
    private final DistributionSummary bytes;
    private final Timer seconds;
    private final Counter failures;

    Direction(MeterRegistry registry, String name) {
      Gauge.builder("vitrine.transfer.active", active, AtomicInteger::get)
          .description("Transfers under way")
          .tag("direction", name)
          .register(registry);
      bytes =
          DistributionSummary.builder("vitrine.transfer.bytes")
              .description("Sizes of finished transfers")
              .baseUnit("bytes")
              .tag("direction", name)
              .register(registry);
      seconds =
          Timer.builder("vitrine.transfer")
              .description("Duration of finished transfers")
              .tag("direction", name)
              .register(registry);
      failures =
          Counter.builder("vitrine.transfer.failures")
              .description("Transfers that broke")
              .tag("direction", name)
              .register(registry);
    }
  }
}
