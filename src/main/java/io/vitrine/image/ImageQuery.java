package io.vitrine.image;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a list of images is asked for.
 *
 * @param memberStatus what the caller must have said to images shared with it; empty: anything
 */
public record ImageQuery(
    int limit,
    Optional<ImageId> marker,
    List<Sort> sorts,
    Optional<Visibility> visibility,
    boolean everyVisibility,
    Optional<MemberStatus> memberStatus,
    boolean hidden,
    List<Filter> filters) {

  /** One key to sort by. */
  public record Sort(Key key, boolean descending) {}

  /** Keys that a list can be sorted by. */
  public enum Key {
    NAME,
    STATUS,
    CONTAINER_FORMAT,
    DISK_FORMAT,
    SIZE,
    ID,
    CREATED_AT,
    UPDATED_AT
  }

  /** One condition; an image is listed when it meets all. */
  public sealed interface Filter {
    /** The attribute has one of the values. */
    record OneOf(String attribute, List<String> values) implements Filter {}

    /** The number is equal to, at least or at most a bound. */
    record Bound(String attribute, Comparison comparison, long bound) implements Filter {}

    /** The moment compares so with another. */
    record Moment(String attribute, Comparison comparison, Instant moment) implements Filter {}

    /** The image is protected, or is not. */
    record Protected(boolean wanted) implements Filter {}

    /** The image has the tag. */
    record Tagged(String tag) implements Filter {}

    /** The extra property has the value. */
    record Property(Map.Entry<String, String> property) implements Filter {}
  }

  /** How two values compare. */
  public enum Comparison {
    EQ,
    NEQ,
    GT,
    GTE,
    LT,
    LTE
  }

  /** Copies the lists. */
  public ImageQuery {
    sorts = List.copyOf(sorts);
    filters = List.copyOf(filters);
  }
}
