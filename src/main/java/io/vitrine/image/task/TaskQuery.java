package io.vitrine.image.task;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a list of tasks is asked for.
 *
 * @param marker the last task of the page before
 * @param texts what attributes are to be equal to
 */
public record TaskQuery(
    int limit, Optional<UUID> marker, Key key, boolean descending, Map<Attribute, String> texts) {
  /** Copies the attributes. */
  public TaskQuery {
    texts = Map.copyOf(texts);
  }

  /** Attributes that a list can be filtered by. */
  public enum Attribute {
    STATUS,
    TYPE,
    OWNER,
    USER_ID,
    REQUEST_ID,
    IMAGE_ID
  }

  /** Keys that a list can be sorted by. */
  public enum Key {
    CREATED_AT,
    UPDATED_AT,
    STATUS,
    TYPE,
    ID
  }
}
