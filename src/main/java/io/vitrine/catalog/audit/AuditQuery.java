package io.vitrine.catalog.audit;

import io.vitrine.image.ImageId;
import java.time.Instant;
import java.util.Optional;

/**
 * Which records of the trail are wanted; what is empty does not matter.
 *
 * @param before only records with smaller numbers
 * @param limit the most records, which are the newest
 */
public record AuditQuery(
    Optional<ImageId> image,
    Optional<String> project,
    Optional<String> user,
    Optional<AuditAction> action,
    Span span,
    Optional<Long> before,
    int limit) {
  /**
   * A span of time.
   *
   * @param from the earliest time, inclusive
   * @param to the latest time, exclusive
   */
  public record Span(Optional<Instant> from, Optional<Instant> to) {
    /** All times. */
    public static final Span ALL = new Span(Optional.empty(), Optional.empty());
  }

  /** The records of one image. */
  public static AuditQuery of(ImageId image, Optional<Long> before, int limit) {
    return new AuditQuery(
        Optional.of(image),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Span.ALL,
        before,
        limit);
  }
}
