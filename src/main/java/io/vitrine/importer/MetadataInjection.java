package io.vitrine.importer;

import io.vitrine.image.ImageLimits;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gives images the operator's extra properties, unless their user has one of the roles. As in
 * Glance, they replace the user's, and only the quota of properties is looked at.
 */
public final class MetadataInjection implements ImportPlugin {
  private final Map<String, String> properties;
  private final Set<String> ignoredRoles;
  private final ImageLimits limits;

  /** Injects these properties; the roles count in any case. */
  public MetadataInjection(
      Map<String, String> properties, Set<String> ignoredRoles, ImageLimits limits) {
    this.properties = Map.copyOf(properties);
    this.ignoredRoles =
        ignoredRoles.stream()
            .map(role -> role.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    this.limits = limits;
  }

  @Override
  public String name() {
    return "inject_image_metadata";
  }

  @Override
  public String title() {
    return "Setting the properties";
  }

  @Override
  public Made apply(Work work, Made made) {
    if (!isMeantFor(work.job().task().roles())) {
      return made;
    }
    work.job().begin(() -> "Setting properties", () -> {});
    var names = new HashSet<>(work.image().properties().keySet());
    names.addAll(properties.keySet());
    limits.checkProperties(names);
    return made.with(properties);
  }

  /** Whether images of a user with these roles, in lower case, get the properties. */
  boolean isMeantFor(Set<String> roles) {
    return Collections.disjoint(roles, ignoredRoles);
  }
}
