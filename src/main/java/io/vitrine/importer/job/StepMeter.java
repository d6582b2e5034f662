package io.vitrine.importer.job;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The measurable progress of a step.
 *
 * @param name the activity, such as Downloading
 * @param store the store it is for, if any
 * @param doneBytes the bytes processed so far
 * @param totalBytes the total, once known
 */
public record StepMeter(
    String name,
    Optional<String> store,
    LongSupplier doneBytes,
    Supplier<OptionalLong> totalBytes) {
  private static final long MIB = 1L << 20;

  /** A step whose total is known from the start, or never. */
  public static StepMeter of(String name, LongSupplier doneBytes, OptionalLong totalBytes) {
    return new StepMeter(name, Optional.empty(), doneBytes, () -> totalBytes);
  }

  /** The same for one of several stores. */
  public StepMeter in(String newStore) {
    return new StepMeter(name, Optional.of(newStore), doneBytes, totalBytes);
  }

  /** The activity and its store. */
  String title() {
    return store.map(id -> name + " in " + id).orElse(name);
  }

  /** The progress in words. */
  String describe() {
    long done = doneBytes.getAsLong();
    var total = totalBytes.get();
    if (total.isEmpty() || total.getAsLong() == 0) {
      return "%s: %d MiB".formatted(title(), done / MIB);
    }
    return "%s: %d of %d MiB, %d %%"
        .formatted(title(), done / MIB, total.getAsLong() / MIB, percent(done, total.getAsLong()));
  }

  /** Whole percent, at most 100. */
  static long percent(long done, long total) {
    return total == 0 ? 100 : Math.min(100, Math.round(Math.floor(done * 100.0 / total)));
  }
}
