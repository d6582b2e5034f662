package io.vitrine.metadef;

import java.time.Instant;
import java.util.function.UnaryOperator;

/** A value of the catalog, with the times of its creation and last change. */
public record Dated<T>(T value, Instant createdAt, Instant updatedAt) {
  /** Another value with the same times. */
  Dated<T> map(UnaryOperator<T> change) {
    return new Dated<>(change.apply(value), createdAt, updatedAt);
  }
}
