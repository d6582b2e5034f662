package io.vitrine.access.policy;

import io.vitrine.config.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The files of policy rules and property protections. */
public record PolicyConfig(
    Optional<Path> file, Duration refreshInterval, PropertyProtection propertyProtection) {

  /** A file of property protections, and whether it lists {@code roles} or {@code policies}. */
  public record PropertyProtection(Optional<Path> file, String ruleFormat) {
    static PropertyProtection from(Section section) {
      return new PropertyProtection(
          section.file("file"), section.choice("rule_format", List.of("roles", "policies")));
    }
  }

  /** Reads the section. */
  public static PolicyConfig from(Section section) {
    return new PolicyConfig(
        section.file("file"),
        section.duration("refresh_interval", "100ms", "1h"),
        PropertyProtection.from(section.section("property_protection")));
  }
}
