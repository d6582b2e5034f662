package io.vitrine.metadef;

import java.util.Optional;

/**
 * One page of a list.
 *
 * @param sortKey one of the keys that the list knows
 * @param marker the name of the last item before the page
 */
public record Page(
    String sortKey, boolean isDescending, Optional<Integer> limit, Optional<String> marker) {
  /** Everything in the order in which it was made. */
  public static final Page ALL = new Page("created_at", false, Optional.empty(), Optional.empty());
}
