package io.vitrine.importer.transform;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * How this machine keeps users' data from harming the service while a plugin reads it.
 *
 * @param engine what reads it, such as qemu-img
 * @param protections the kinds of protections, each with whether it holds
 */
public record Isolation(String engine, Map<String, Boolean> protections) {
  /** Copies the map. */
  public Isolation {
    protections = Collections.unmodifiableMap(new LinkedHashMap<>(protections));
  }

  /** The protections that hold. */
  public List<String> held() {
    return kinds(holds -> holds);
  }

  /** The protections that this machine does not allow. */
  public List<String> missing() {
    return kinds(holds -> !holds);
  }

  private List<String> kinds(Predicate<Boolean> wanted) {
    return protections.entrySet().stream()
        .filter(each -> wanted.test(each.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableList());
  }
}
