package io.vitrine.metadef;

import java.time.Instant;
import java.util.function.UnaryOperator;

/** Something in the catalog, with the times at which it was made and last changed. */
public record Dated<T>(T value, Instant createdAt, Instant updatedAt) {
  /** The same times with another value. */
  Dated<T> map(UnaryOperator<T> change) {
    return new Dated<>(change.apply(value), createdAt, updatedAt);
  }
}
