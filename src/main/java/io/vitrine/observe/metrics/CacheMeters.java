package io.vitrine.observe.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Meters of this node's cache, {@code vitrine_cache_…}. */
public final class CacheMeters {
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger images = new AtomicInteger();
  private final Counter hits;
  private final Counter misses;
  private final Counter failures;

  /** Meters in the given registry. */
  public CacheMeters(MeterRegistry registry) {
    Gauge.builder("vitrine.cache.size", bytes, AtomicLong::get)
        .description("Size of the images in the cache and of those being cached")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("vitrine.cache.images", images, AtomicInteger::get)
        .description("Images in the cache")
        .register(registry);
    hits = counter(registry, "hits", "Reads that were served from the cache");
    misses = counter(registry, "misses", "Reads of images that were not in the cache");
    failures = counter(registry, "failures", "Images that could not be cached");
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder("vitrine.cache." + name).description(description).register(registry);
  }

  /** Sets the current size and number of images. */
  public void content(long newBytes, int newImages) {
    bytes.set(newBytes);
    images.set(newImages);
  }

  /** Counts a read served from the cache. */
  public void hit() {
    hits.increment();
  }

  /** Counts a read of an image that was not in the cache. */
  public void miss() {
    misses.increment();
  }

  /** Counts an image that could not be cached. */
  public void failure() {
    failures.increment();
  }
}
