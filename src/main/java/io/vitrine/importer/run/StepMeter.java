package io.vitrine.importer.run;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The progress of a step.
 *
 * @param store the store it is for, if any
 * @param bytes how much is done; empty if that is not measured
 */
public record StepMeter(Step step, Optional<String> store, Optional<Bytes> bytes) {
  private static final long MIB = 1L << 20;

  /**
   * The bytes of a step.
   *
   * @param done those processed so far
   * @param total all, once known
   */
  public record Bytes(LongSupplier done, Supplier<OptionalLong> total) {}

  /** A step that is not measured. */
  public static StepMeter of(Step step) {
    return new StepMeter(step, Optional.empty(), Optional.empty());
  }

  /** A step whose total is known from the start, or never. */
  public static StepMeter of(Step step, LongSupplier doneBytes, OptionalLong totalBytes) {
    return of(step, doneBytes, () -> totalBytes);
  }

  /** A step whose total may become known. */
  public static StepMeter of(Step step, LongSupplier doneBytes, Supplier<OptionalLong> totalBytes) {
    return new StepMeter(step, Optional.empty(), Optional.of(new Bytes(doneBytes, totalBytes)));
  }

  /** The same for one of several stores. */
  public StepMeter in(String newStore) {
    return new StepMeter(step, Optional.of(newStore), bytes);
  }

  /** The bytes processed so far; 0 if that is not measured. */
  long doneBytes() {
    return bytes.map(measured -> measured.done().getAsLong()).orElse(0L);
  }

  /** All bytes, once known. */
  OptionalLong totalBytes() {
    return bytes.map(measured -> measured.total().get()).orElse(OptionalLong.empty());
  }

  /** The step and its store. */
  String title() {
    return store.map(id -> step.title() + " in " + id).orElse(step.title());
  }

  /** The progress in words. */
  String describe() {
    if (bytes.isEmpty()) {
      return title();
    }
    long done = doneBytes();
    var total = totalBytes();
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
