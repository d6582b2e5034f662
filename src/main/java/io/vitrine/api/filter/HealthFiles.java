package io.vitrine.api.filter;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files that say whether a process is to get requests.
 *
 * @param disabling it is not to while this is there
 * @param disablingByPort nor those that come to a port while the port's is there
 * @param enabling it is to while all of these are there
 * @param isDetailed whether callers are told which files, and how the process is
 */
public record HealthFiles(
    Optional<String> disabling,
    Map<Integer, String> disablingByPort,
    List<String> enabling,
    boolean isDetailed) {
  /** Copies the collections. */
  public HealthFiles {
    disablingByPort = Map.copyOf(disablingByPort);
    enabling = List.copyOf(enabling);
  }
}
