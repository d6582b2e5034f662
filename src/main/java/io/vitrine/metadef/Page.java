package io.vitrine.metadef;

import java.util.Optional;

/**
 * The order and position of one page of a list.
 *
 * @param sortKey a key that the list supports
 * @param marker the name of the last item on the previous page
 */
public record Page(
    String sortKey, boolean isDescending, Optional<Integer> limit, Optional<String> marker) {
  /** Everything, oldest first. */
  public static final Page ALL = new Page("created_at", false, Optional.empty(), Optional.empty());
}
