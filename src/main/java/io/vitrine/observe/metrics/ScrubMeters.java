package io.vitrine.observe.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/** Meters of scrubbing, {@code vitrine_scrub_…}. */
public final class ScrubMeters {
  private final MeterRegistry registry;

  /** Meters in the given registry. */
  public ScrubMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** The meters of one store. */
  public OfStore of(String store) {
    return new OfStore(registry, store);
  }

  /** Meters of one store. */
  public static final class OfStore {
    private final MeterRegistry registry;
    private final String store;
    private final AtomicLong missing;
    private final AtomicLong damaged;
    private final AtomicLong orphans;
    private final AtomicLong orphanBytes;
    private final Counter bytes;

    private OfStore(MeterRegistry registry, String store) {
      this.registry = registry;
      this.store = store;
      missing = gauge("missing", "Blobs missing from the store");
      damaged = gauge("damaged", "Blobs damaged in the store");
      orphans = gauge("orphans", "Blobs in the store that the catalog does not know");
      orphanBytes = gauge("orphan.bytes", "Size of the blobs that the catalog does not know");
      bytes =
          Counter.builder("vitrine.scrub.bytes")
              .description("Bytes read for verification")
              .tag("store", store)
              .register(registry);
    }

    private AtomicLong gauge(String name, String description) {
      var value = new AtomicLong();
      Gauge.builder("vitrine.scrub." + name, value, AtomicLong::get)
          .description(description)
          .tag("store", store)
          .register(registry);
      return value;
    }

    /**
     * Counts a checked blob.
     *
     * @param outcome ok, missing, damaged or failed
     */
    public void looked(String outcome, long newBytes) {
      bytes.increment((double) newBytes);
      Counter.builder("vitrine.scrub.blobs")
          .description("Blobs verified")
          .tag("store", store)
          .tag("outcome", outcome)
          .register(registry)
          .increment();
    }

    /** Sets the number of blobs known to be bad. */
    public void unsound(long newMissing, long newDamaged) {
      missing.set(newMissing);
      damaged.set(newDamaged);
    }

    /** Sets the orphans that a survey found, and their bytes. */
    public void orphans(long count, long size) {
      orphans.set(count);
      orphanBytes.set(size);
    }
  }
}
