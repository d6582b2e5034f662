package io.vitrine.image;

import java.util.Optional;
import java.util.UUID;

/**
 * What a list of tasks is asked for.
 *
 * @param marker the last task of the page before
 */
public record TaskQuery(
    int limit,
    Optional<UUID> marker,
    Key key,
    boolean descending,
    Optional<String> status,
    Optional<String> type) {

  /** Keys that a list can be sorted by. */
  public enum Key {
    CREATED_AT,
    UPDATED_AT,
    STATUS,
    TYPE,
    ID
  }
}
