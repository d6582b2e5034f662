package io.vitrine.image;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The filters, order and page of a list of images.
 *
 * @param memberStatus the caller's answer to images shared with it; empty for any answer
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
    /** By name; an image without one sorts as the empty name. */
    NAME,
    /** By status, in alphabetical order. */
    STATUS,
    /** By container format; an image without one sorts as the empty name. */
    CONTAINER_FORMAT,
    /** By disk format; an image without one sorts as the empty name. */
    DISK_FORMAT,
    /** By size in bytes; an image without data sorts below size 0. */
    SIZE,
    /** By id; breaks the ties of all other keys. */
    ID,
    /** By time of creation. */
    CREATED_AT,
    /** By time of the last change. */
    UPDATED_AT
  }

  /** One condition; a listed image meets all of them. */
  public sealed interface Filter {
    /** The attribute has one of the values. */
    record OneOf(String attribute, List<String> values) implements Filter {}

    /** The number compares to the bound as given, in the attribute's own unit. */
    record Bound(String attribute, Comparison comparison, long bound) implements Filter {}

    /** The time compares to the given one as stated. */
    record Moment(String attribute, Comparison comparison, Instant moment) implements Filter {}

    /** The image is protected, or it is not. */
    record Protected(boolean wanted) implements Filter {}

    /** The image has the tag. */
    record Tagged(String tag) implements Filter {}

    /** The extra property has the value. */
    record Property(Map.Entry<String, String> property) implements Filter {}
  }

  /** How two values compare. */
  public enum Comparison {
    /** Equal. */
    EQ,
    /** Not equal. */
    NEQ,
    /** Greater than. */
    GT,
    /** Greater than or equal. */
    GTE,
    /** Less than. */
    LT,
    /** Less than or equal. */
    LTE
  }

  /** Copies the lists. */
  public ImageQuery {
    sorts = List.copyOf(sorts);
    filters = List.copyOf(filters);
  }
}
