package io.vitrine.image.edit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Properties that the operator sets on imported images, overriding the user's.
 *
 * @param ignoreRoles users with one of these roles have their images left alone
 */
public record InjectedProperties(Map<String, String> properties, List<String> ignoreRoles) {
  /** No properties. */
  public static final InjectedProperties NONE = new InjectedProperties(Map.of(), List.of());

  /** Copies the collections. */
  public InjectedProperties {
    properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    ignoreRoles = List.copyOf(ignoreRoles);
  }

  /** The properties to set on images of a user with these roles, in lower case. */
  public Map<String, String> of(Set<String> roles) {
    return ignoreRoles.stream().map(role -> role.toLowerCase(Locale.ROOT)).anyMatch(roles::contains)
        ? Map.of()
        : properties;
  }
}
