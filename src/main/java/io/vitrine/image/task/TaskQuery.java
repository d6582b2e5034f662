package io.vitrine.image.task;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The filters, order and page of a list of tasks.
 *
 * @param marker the last task of the previous page
 * @param texts the values that attributes must equal
 */
public record TaskQuery(
    int limit, Optional<UUID> marker, Key key, boolean descending, Map<Attribute, String> texts) {
  /** Copies the attributes. */
  public TaskQuery {
    texts = Map.copyOf(texts);
  }

  /** Attributes to filter by. */
  public enum Attribute {
    /** One of pending, processing, success and failure. */
    STATUS,
    /** Such as {@code import}. */
    TYPE,
    /** The id of the project that the task belongs to. */
    OWNER,
    /** The id of the user who created the task. */
    USER_ID,
    /** The id of the request that created the task. */
    REQUEST_ID,
    /** The id of the image that the task works on. */
    IMAGE_ID
  }

  /** Keys to sort by. */
  public enum Key {
    /** By time of creation. */
    CREATED_AT,
    /** By time of the last change. */
    UPDATED_AT,
    /** By status. */
    STATUS,
    /** By type. */
    TYPE,
    /** By id; breaks the ties of all other keys. */
    ID
  }
}
