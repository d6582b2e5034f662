package io.vitrine.api.filter;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files that decide whether a process receives requests, as in oslo.middleware's healthcheck.
 *
 * @param disabling requests are refused while this file exists
 * @param disablingByPort requests to a port are refused while that port's file exists
 * @param enabling requests are refused unless all of these files exist
 * @param isDetailed whether answers name the files and show the state of the process
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
