package io.vitrine.access.policy;

import io.vitrine.image.Caller;
import io.vitrine.image.Image;
import io.vitrine.image.edit.PropertyGuard;
import io.vitrine.image.edit.PropertyGuard.Operation;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Who may do what with extra properties. The first section whose expression matches the property's
 * name decides; without a match, nobody may do anything. Properties that the service itself writes
 * are not protected.
 */
public final class PropertyProtections {
  /** No property is protected. */
  public static final PropertyProtections NONE = new PropertyProtections(Format.ROLES, List.of());

  private static final String ANYBODY = "@";
  private static final String NOBODY = "!";

  /** What the file lists for an operation. */
  public enum Format {
    /** Roles, any of which suffices. */
    ROLES,
    /** The name of one policy rule. */
    POLICIES;

    /** The format with that name in lower case. */
    public static Format of(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT));
    }
  }

  private final Format format;
  private final List<Section> sections;

  PropertyProtections(Format format, List<Section> sections) {
    this.format = format;
    this.sections = List.copyOf(sections);
  }

  /**
   * Reads a file in Glance's format; without a file, nothing is protected. Blocks.
   *
   * @throws PolicyException if it cannot be used
   */
  public static PropertyProtections load(Optional<Path> file, Format format) {
    return file.map(path -> new PropertyProtections(format, PropertyFile.read(path, format)))
        .orElse(NONE);
  }

  /** The policy rules that the sections refer to. */
  public Set<String> rules() {
    return format == Format.ROLES
        ? Set.of()
        : sections.stream()
            .flatMap(section -> section.permissions().values().stream())
            .flatMap(Set::stream)
            .filter(name -> !name.equals(ANYBODY) && !name.equals(NOBODY))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** What a caller may do. It caches decisions: use it for one request, on one thread. */
  public PropertyGuard guard(Caller caller, Policy policy) {
    if (this == NONE) {
      return PropertyGuard.OPEN;
    }
    var attributes = new CallerAttributes(caller);
    Predicate<String> allows =
        switch (format) {
          case ROLES -> attributes::hasAnyRole;
          case POLICIES -> rule -> policy.allows(caller, rule, Target.NOTHING);
        };
    var known = new HashMap<Map.Entry<Operation, String>, Boolean>();
    return (operation, property) ->
        known.computeIfAbsent(
            Map.entry(operation, property),
            asked -> property.startsWith(Image.RESERVED_PREFIX) || allows(asked, allows));
  }

  private boolean allows(Map.Entry<Operation, String> asked, Predicate<String> allows) {
    var permitted =
        sections.stream()
            .filter(section -> section.property().matcher(asked.getValue()).find())
            .findFirst()
            .map(section -> section.permissions().getOrDefault(asked.getKey(), Set.of()))
            .orElse(Set.of());
    return !permitted.contains(NOBODY)
        && (permitted.contains(ANYBODY) || permitted.stream().anyMatch(allows));
  }

  /** The properties that match an expression, and who may do what with them. */
  record Section(Pattern property, Map<Operation, Set<String>> permissions) {
    Section {
      permissions = Map.copyOf(permissions);
    }
  }
}
