package io.vitrine.image;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Properties that the operator gives to imported images, in place of their user's.
 *
 * @param ignoredRoles whose images stay as they are; in lower case
 */
public record InjectedProperties(Map<String, String> properties, Set<String> ignoredRoles) {
  /** Copies the collections. */
  public InjectedProperties {
    properties = Map.copyOf(properties);
    ignoredRoles =
        ignoredRoles.stream()
            .map(role -> role.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** What images of a user with these roles, in lower case, are given. */
  public Map<String, String> of(Set<String> roles) {
    return Collections.disjoint(roles, ignoredRoles) ? properties : Map.of();
  }
}
