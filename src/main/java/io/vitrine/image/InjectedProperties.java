package io.vitrine.image;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Properties that the operator sets on imported images, overriding the user's.
 *
 * @param ignoredRoles roles whose images are left alone, in lower case
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

  /** The properties to set on images of a user with these roles, in lower case. */
  public Map<String, String> of(Set<String> roles) {
    return Collections.disjoint(roles, ignoredRoles) ? properties : Map.of();
  }
}
