package io.vitrine.importer.job;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A step of an import that can be measured.
 *
 * @param name what is being done, such as Downloading
 * @param store the store that it is done for
 * @param doneBytes so far
 * @param totalBytes in the end, once that is known
 */
public record StepMeter(
    String name,
    Optional<String> store,
    LongSupplier doneBytes,
    Supplier<OptionalLong> totalBytes) {
  private static final long MIB = 1L << 20;

  /** A step of which the length is known, or known not to be known. */
  public static StepMeter of(String name, LongSupplier doneBytes, OptionalLong totalBytes) {
    return new StepMeter(name, Optional.empty(), doneBytes, () -> totalBytes);
  }

  /** The same for one of several stores. */
  public StepMeter in(String newStore) {
    return new StepMeter(name, Optional.of(newStore), doneBytes, totalBytes);
  }

  /** What is being done, and where. */
  String title() {
    return store.map(id -> name + " in " + id).orElse(name);
  }

  /** How far it is, in words. */
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
